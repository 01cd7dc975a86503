import { reactive, ref, watchEffect } from "vue";

import { KEY, read, stored } from "./stored";

export const settings = reactive(read(stored()));
/** Whether the page that is open is large whatever the device keeps: a kiosk's. */
export const isLarge = ref(false);

/** Keeps the page's marks and the stored text equal to the settings, from now on. */
export function follow(root: HTMLElement): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const isDark = settings.theme === "dark" || (settings.theme === "system" && system.matches);
    root.lang = settings.language === "en" ? "en" : "zh-CN";
    root.toggleAttribute("data-elder", settings.elder || isLarge.value);
    root.toggleAttribute("data-dark", isDark);
  };
  watchEffect(() => {
    apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // Storage may be forbidden: then this page alone is shown so.
    }
  });
  system.addEventListener("change", apply);
}
