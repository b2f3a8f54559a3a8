import { createHash } from "node:crypto"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type Download, download } from "../library/download.ts"
import type { RuntimePackage } from "./runtime.ts"
import { tarFiles } from "./tar.ts"

export interface Installing extends Pick<Download, "through" | "signal" | "onProgress"> {
  readonly wanted: RuntimePackage
  /** Where its libraries go: made in one step, or not at all. */
  readonly folder: string
  /** An npm registry. */
  readonly registry: string
}

/** Gets llama.cpp's libraries from an npm registry and puts them into a folder. What differs from the pinned sum is refused. */
export async function installRuntime({ wanted, folder, registry, ...way }: Installing): Promise<void> {
  const bare = wanted.name.slice(wanted.name.indexOf("/") + 1)
  const url = `${registry.replace(/\/+$/, "")}/${wanted.name}/-/${bare}-${wanted.version}.tgz`
  const archive = `${folder}.tgz`
  let bytes = Buffer.alloc(0)
  await download({
    // Packed, it is smaller than what comes out of it.
    ...{ ...way, url, file: archive, bytesMax: wanted.bytes },
    check: async (part) => {
      bytes = await checked(part, new URL(url).host, wanted)
    },
  })
  const making = `${folder}.making-${crypto.randomUUID()}`
  try {
    await unpack(bytes, wanted.folder, making)
    await rm(folder, { recursive: true, force: true })
    await mkdir(dirname(folder), { recursive: true })
    await rename(making, folder)
  } finally {
    await rm(making, { recursive: true, force: true })
    await rm(archive, { force: true })
  }
}

/** The bytes that were checked: the file may be another one a moment later. */
async function checked(part: string, host: string, { name, integrity }: RuntimePackage): Promise<Buffer<ArrayBuffer>> {
  const bytes = await readFile(part)
  const sum = `sha512-${createHash("sha512").update(bytes).digest("base64")}`
  if (sum === integrity) return bytes
  await rm(part, { force: true })
  throw new SkeinError(
    "config.invalid",
    `What ${host} has as ${name} is not the package that was expected (${sum}). It was not installed.`,
  )
}

/** Only the plain files of one folder are taken, by their last names: nothing of an archive says where a file goes. */
async function unpack(archive: Buffer<ArrayBuffer>, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const { path, bytes: content } of tarFiles(Bun.gunzipSync(archive))) {
    if (dirname(path) === from) await writeFile(join(to, basename(path)), content, { mode: 0o600, flag: "wx" })
  }
}
