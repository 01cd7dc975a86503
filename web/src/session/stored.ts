/** How this device shows things. The only thing that is kept on it, and it says nothing about anybody. */
export interface Settings {
  language: "zh" | "en";
  elder: boolean;
  theme: "system" | "light" | "dark";
}

export const KEY = "haihe.settings";
const DEFAULTS: Settings = { language: "zh", elder: false, theme: "system" };

/** Settings out of stored text; whatever is not one of the known values is the default. */
export function read(text: string | null): Settings {
  try {
    const found = JSON.parse(text ?? "") as Partial<Settings> | null;
    return {
      language: found?.language === "en" ? "en" : "zh",
      elder: found?.elder === true,
      theme: found?.theme === "light" || found?.theme === "dark" ? found.theme : "system",
    };
  } catch {
    return { ...DEFAULTS };
  }
}

/** What the device keeps, or null. */
export function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden; the app works without
  }
}
