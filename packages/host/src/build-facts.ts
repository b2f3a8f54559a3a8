declare const SKEIN_BUILD:
  | { readonly version: string; readonly commit: string; readonly assets: Readonly<Record<string, string>> }
  | undefined

/** What the compiler wrote into this binary; undefined from source. */
const facts = typeof SKEIN_BUILD === "undefined" ? undefined : SKEIN_BUILD

interface EmbeddedProgram {
  readonly file: Blob
  readonly sha256: string
}

/** A program that travels inside the binary; undefined from source, or when it was built without. */
export function embeddedProgram(name: string): EmbeddedProgram | undefined {
  const sha256 = facts?.assets[name]
  if (sha256 === undefined) return undefined
  const file = Bun.embeddedFiles.find((embedded) => "name" in embedded && embedded.name === name)
  return file === undefined ? undefined : { file, sha256 }
}
