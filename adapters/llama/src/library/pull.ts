import { rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { isOwn } from "./answered.ts"
import { type Download, download } from "./download.ts"
import { checkedHead, checkName, checkSum, type Library, type ListedModel, nameOf, sha256Of } from "./library.ts"

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
  if (expected === undefined && new URL(url).protocol === "http:" && !isOwn(new URL(url))) throw unguarded(new URL(url))
  const file = join(library.folder, `${nameOf(new URL(url).pathname)}.gguf`)
  const { host, pathname } = new URL(url)
  const shown = `${host}${pathname}`
  checkName(await library.find(nameOf(file)), file, shown)
  let sum = ""
  await download({
    ...{ ...way, url, file },
    async check(part) {
      sum = await sha256Of(part)
      try {
        checkSum(shown, sum, expected)
        await checkedHead(part)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    },
  })
  const { size } = await stat(file)
  const model = { name: nameOf(file), file, bytes: size, sha256: sum, source: shown, addedAt: now() }
  await library.keep(model)
  return { ...model, head: await checkedHead(file) }
}

/** The address of a file on Hugging Face is that of its repository, `/resolve/main/` and the file. */
export function addressOf(from: string): string {
  const hub = /^hf:([\w.-]+)\/([\w.-]+)\/(.+)$/.exec(from)
  if (hub !== null) return `https://huggingface.co/${hub[1]}/${hub[2]}/resolve/main/${hub[3]}`
  const url = /^https?:\/\//.test(from) && URL.canParse(from) ? new URL(from) : undefined
  if (url?.username === "" && url.password === "") return from
  if (url !== undefined)
    throw new SkeinError(
      "config.invalid",
      `The address at ${url.host} has a name or password in it, which would be kept.`,
    )
  throw new SkeinError(
    "config.invalid",
    `${from} is no address to pull a model from. Write https://… or hf:owner/repo/file.gguf.`,
  )
}

/** On its way anybody could put another file in its place: llama.cpp reads it, and was not made for hostile ones. */
function unguarded({ host }: URL): SkeinError {
  return new SkeinError(
    "config.invalid",
    `What comes from ${host} without encryption may be another file than the one that was meant. Write https://, or say which it is: --sha256.`,
  )
}
