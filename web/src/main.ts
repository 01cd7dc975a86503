/** The first few kilobytes: they begin the silent sign-in, and only then bring the app, which the page has preloaded. */
import "./session/early";

void import("./app/start");
