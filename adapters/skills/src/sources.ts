import type { GatheredSection, SourcesPort } from "@skein/core/ports"
import { environmentText } from "./environment.ts"
import { INSTRUCTIONS } from "./instructions.ts"

export interface SourcesOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** skein's own configuration folder: where the person's global AGENTS.md is. */
  readonly configDir: string
  readonly now: () => number
  /** Read when the context is gathered: `text` stands for our own instructions, `append` follows them. */
  readonly instructions?:
    | (() => { readonly text?: string | undefined; readonly append?: string | undefined })
    | undefined
  /** Further instruction files. Absolute. */
  readonly extraFiles: readonly string[]
  /** False leaves the project's instruction files unread. */
  readonly isLoadingProjectFiles: boolean
}

/** What the model sees before the conversation, stable parts first. */
export function sources(options: SourcesOptions): SourcesPort {
  return {
    async gather({ cwd }) {
      const own = options.instructions?.() ?? {}
      const instructions = [own.text ?? INSTRUCTIONS, own.append].filter((text) => text !== undefined && text !== "")
      return [
        ...(instructions.length > 0 ? [section("instructions", instructions.join("\n\n"))] : []),
        section("environment", environmentText(cwd, options)),
      ]
    },
    async touched() {
      return []
    },
  }
}

function section(source: string, text: string): GatheredSection {
  const sha256 = new Bun.CryptoHasher("sha256").update(text).digest("hex")
  return { source, text, sha256, bytes: Buffer.byteLength(text) }
}
