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
  await download({ ...way, url, file: archive, check: (part) => checkIntegrity(part, url, wanted.integrity) })
  const making = `${folder}.making-${process.pid}`
  try {
    await unpack(archive, wanted.folder, making)
    await rm(folder, { recursive: true, force: true })
    await mkdir(dirname(folder), { recursive: true })
    await rename(making, folder)
  } finally {
    await rm(making, { recursive: true, force: true })
    await rm(archive, { force: true })
  }
}

async function checkIntegrity(part: string, url: string, integrity: string): Promise<void> {
  const sum = `sha512-${createHash("sha512")
    .update(await readFile(part))
    .digest("base64")}`
  if (sum === integrity) return
  await rm(part, { force: true })
  throw new SkeinError("config.invalid", `${url} is not the package that was expected (${sum}). It was not installed.`)
}

/** Only the plain files of one folder are taken, by their last names: nothing of an archive says where a file goes. */
async function unpack(archive: string, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  const bytes = Bun.gunzipSync(new Uint8Array(await readFile(archive)))
  for (const { path, bytes: content } of tarFiles(bytes)) {
    if (dirname(path) === from) await writeFile(join(to, basename(path)), content, { mode: 0o600 })
  }
}
