import "vant/es/style/base.css";
import "vant/es/button/index.css";
import "vant/es/loading/index.css";
import "vant/es/overlay/index.css";
import "vant/es/popup/index.css";
import "vant/es/switch/index.css";
import "vant/es/cell/index.css";
import "vant/es/field/index.css";
import "vant/es/checkbox/index.css";
import "vant/es/checkbox-group/index.css";
import "vant/es/toast/index.css";
import "./tokens.css";
import "./vant.css";
import "./base.css";

import { createApp } from "vue";

import App from "./App.vue";
import { router } from "./router";
import { keepShell, letEmpty } from "./shell";
import { attend } from "../session/session";
import "../shared/ask"; // every page asks: it comes with the first files
import { follow } from "../session/settings";

follow(document.documentElement);
attend();
letEmpty();
// The first script does not wait for the page (0082), so the page may not be there yet.
const app = createApp(App).use(router);
if (document.getElementById("app")) app.mount("#app");
else addEventListener("DOMContentLoaded", () => app.mount("#app"), { once: true });
// After the page's own files have come, so that it does not compete with them.
if (import.meta.env.PROD) {
  if (document.readyState === "complete") keepShell();
  else addEventListener("load", () => keepShell(), { once: true });
}
