import { shallowRef } from "vue";

/** A line of the trail as it was read when its objection was begun. The API gives no line by its number, so a page that was
 * loaded anew no longer knows its words; they are kept nowhere. */
export interface Look {
  id: string;
  summary: string;
  at: string;
  party: { id: string; name: string; kind: string } | null;
}
export const pointed = shallowRef<Look | null>(null);
