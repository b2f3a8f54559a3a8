import type { DocumentKind } from "@skein/core/ports"

/** By the first bytes, and for archives and notebooks by the name: an archive may be anything. */
export function documentKind(bytes: Uint8Array, name: string): DocumentKind | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1_024))
  // Readers take a header within the first kilobyte: ISO 32000-1, annex H.3.
  if (/%PDF-\d/.test(head)) return "pdf"
  const ending = /\.(\w+)$/.exec(name.toLowerCase())?.[1] ?? ""
  if (head.startsWith("PK\x03\x04")) return ARCHIVES.find((kind) => kind === ending) ?? KIN.get(ending)
  return ending === "ipynb" && /^[\s\ufeff\u00ef\u00bb\u00bf]*\{/.test(head) ? "notebook" : undefined
}

const ARCHIVES = ["docx", "xlsx", "pptx", "odt", "ods", "odp"] as const

/** The same inside, under another name: with macros, or as a template. */
const KIN: ReadonlyMap<string, DocumentKind> = new Map([
  ["docm", "docx"],
  ["dotx", "docx"],
  ["xlsm", "xlsx"],
  ["xltx", "xlsx"],
  ["pptm", "pptx"],
  ["ppsx", "pptx"],
  ["ott", "odt"],
  ["ots", "ods"],
  ["otp", "odp"],
])
