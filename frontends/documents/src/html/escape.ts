import { visible } from "@skein/protocol"

/** Text for a page, in an element or in a quoted attribute: nothing of it can open a tag or end one. */
export function escaped(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
}
