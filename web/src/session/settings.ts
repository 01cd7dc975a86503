import { reactive, watchEffect } from "vue";

/** How this device shows things. The only thing that is kept on it, and it says nothing about anybody. */
export interface Settings {
  language: "zh" | "en";
  elder: boolean;
  theme: "system" | "light" | "dark";
}

const KEY = "haihe.settings";
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

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden; the app works without
  }
}

export const settings = reactive(read(stored()));

/** Keeps the page's marks and the stored text equal to the settings, from now on. */
export function follow(root: HTMLElement): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const isDark = settings.theme === "dark" || (settings.theme === "system" && system.matches);
    root.lang = settings.language === "en" ? "en" : "zh-CN";
    root.toggleAttribute("data-elder", settings.elder);
    root.toggleAttribute("data-dark", isDark);
  };
  watchEffect(() => {
    apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // as above
    }
  });
  system.addEventListener("change", apply);
}
