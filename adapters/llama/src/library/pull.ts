import { rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type Download, download } from "./download.ts"
import { checkedHead, checkSum, type Library, type ListedModel, nameOf, sha256Of } from "./library.ts"

export interface Pull extends Pick<Download, "through" | "signal" | "onProgress"> {
  /** An http address, or `hf:owner/repo/file.gguf`. */
  readonly from: string
  /** Expected SHA-256, in hex. */
  readonly sha256?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Gets a model file and adds it. What is not the file that was meant is not kept. */
export async function pull(library: Library, { from, sha256: expected, now, ...way }: Pull): Promise<ListedModel> {
  const url = addressOf(from)
  const file = join(library.folder, `${nameOf(new URL(url).pathname)}.gguf`)
  let sum = ""
  await download({
    ...{ ...way, url, file },
    async check(part) {
      sum = await sha256Of(part)
      try {
        checkSum(from, sum, expected)
        await checkedHead(part)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    },
  })
  const { size } = await stat(file)
  const model = { name: nameOf(file), file, bytes: size, sha256: sum, source: from, addedAt: now() }
  await library.keep(model)
  return { ...model, head: await checkedHead(file) }
}

/** The address of a file on Hugging Face is that of its repository, `/resolve/main/` and the file. */
export function addressOf(from: string): string {
  const hub = /^hf:([\w.-]+)\/([\w.-]+)\/(.+)$/.exec(from)
  if (hub !== null) return `https://huggingface.co/${hub[1]}/${hub[2]}/resolve/main/${hub[3]}`
  if (/^https?:\/\//.test(from) && URL.canParse(from)) return from
  throw new SkeinError(
    "config.invalid",
    `${from} is no address to pull a model from. Write https://… or hf:owner/repo/file.gguf.`,
  )
}
