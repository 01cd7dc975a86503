import { s } from "./words";

/** The supervisor's pages. */
export const PAGES = [
  { to: "/supervision", label: s("title") },
  { to: "/supervision/samples", label: s("samples") },
  { to: "/supervision/complaints", label: s("complaints") },
] as const;
