/** What is taken as evidence: photos and PDF, as the service takes them by their content. */
export const EVIDENCE = "image/jpeg,image/png,application/pdf";
const LARGEST = 20 * 1024 * 1024;
export type FileFault = "empty" | "large" | "kind";

/** Why a file would not be taken, before a byte of it is sent; null when it may be. The service looks at what is in it. */
export function faultOfFile(file: Pick<File, "size" | "type">): FileFault | null {
  if (file.size === 0) return "empty";
  if (file.size > LARGEST) return "large";
  return EVIDENCE.split(",").includes(file.type) ? null : "kind";
}
