/** Reads instructions aloud (无障碍环境建设法 33), where the browser has a voice. What is about somebody is never said aloud. */
import { onScopeDispose, ref } from "vue";

import { settings } from "@/session/settings";

/** `isHad`: whether there is a voice in the language of the page; `isOn`: whether it speaks. */
export function useSpeech() {
  const voices = globalThis.speechSynthesis as SpeechSynthesis | undefined;
  const language = () => (settings.language === "en" ? "en" : "zh");
  const voice = () => voices?.getVoices().find((one) => one.lang.toLowerCase().startsWith(language()));
  const isHad = ref(voice() !== undefined);
  const isOn = ref(true);
  const heard = () => (isHad.value = voice() !== undefined);
  voices?.addEventListener("voiceschanged", heard);

  function hush(): void {
    voices?.cancel();
  }

  function say(text: string): void {
    hush();
    heard();
    const by = voice();
    if (!isOn.value || !voices || !by) return;
    const said = new SpeechSynthesisUtterance(text);
    said.voice = by;
    said.lang = by.lang;
    said.rate = 0.9; // nobody is hurried
    voices.speak(said);
  }

  onScopeDispose(() => {
    voices?.removeEventListener("voiceschanged", heard);
    hush();
  });
  return { isHad, isOn, say, hush };
}
