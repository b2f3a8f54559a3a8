import { readFileSync, realpathSync, statSync } from "node:fs"
import { join } from "node:path"
import { UnpackError, unpack } from "@skein/unpack"
import { BOUNDS, filesIn, type PluginFile, refused, sha256, shown } from "../files.ts"
import { isValues } from "../manifest/checks.ts"
import { FORMS } from "../manifest/forms.ts"
import { insideOf, parsed } from "../manifest/read.ts"
import { downloaded } from "./download.ts"
import { type GitOptions, withRepository } from "./git.ts"
import type { Source } from "./source.ts"

export interface GetOptions extends GitOptions {
  /** Where packages of npm are asked for; without a slash at its end. */
  readonly registry: string
  /** Where archives of repositories of GitHub are. */
  readonly github: string
}

/** All files behind a source, in memory: nothing is written, nothing is run. Rejects with SkeinError. */
export async function filesOf(
  source: Exclude<Source, { kind: "market" }>,
  options: GetOptions,
): Promise<readonly PluginFile[]> {
  switch (source.kind) {
    case "path":
      return atPath(source.path)
    case "url":
      return unpacked(await downloaded(options.reach, source.url, { sha256: source.sha256 }), source.url)
    case "github": {
      const { repository, ref = "HEAD", path } = source
      const url = `${options.github}/${repository}/tar.gz/${encodeURIComponent(ref)}`
      return below(unpacked(await downloaded(options.reach, url), url, false), path)
    }
    case "git":
      return await withRepository(source, options, async (folder) => below(filesIn(folder), source.path))
    case "npm":
      return await fromNpm(source, options)
  }
}

function atPath(path: string): readonly PluginFile[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw refused(`${path} is not there.`)
  if (stats.isDirectory()) return filesIn(realpathSync(path))
  if (!stats.isFile() || stats.size > BOUNDS.bytesMax)
    throw refused(`${path} is no archive, or larger than ${BOUNDS.bytesMax} bytes.`)
  return unpacked(readFileSync(path), path)
}

/** The files of an archive; those of the one folder in it where it holds one and no manifest of its own. */
function unpacked(bytes: Uint8Array, from: string, isRootKept = true): readonly PluginFile[] {
  try {
    const files = unpack(bytes, BOUNDS).filter(({ path }) => path !== ".git" && !path.startsWith(".git/"))
    const [first] = files
    const folder = first?.path.split("/")[0]
    const isOneFolder = files.every(({ path }) => path.startsWith(`${folder}/`))
    const hasManifest = files.some(({ path }) => FORMS.some(({ file }) => file === path))
    if (folder === undefined || !isOneFolder || (isRootKept && (hasManifest || folder.startsWith(".")))) return files
    return files.map((file) => ({ ...file, path: file.path.slice(folder.length + 1) }))
  } catch (cause) {
    if (cause instanceof UnpackError) throw refused(`Cannot use the archive ${from}: ${cause.message}`, cause)
    throw cause
  }
}

/** Those in one folder of them. */
export function below(files: readonly PluginFile[], path: string | undefined): readonly PluginFile[] {
  const folder = path?.replace(/^\.\//, "").replace(/\/+$/, "") ?? ""
  if (folder === "" || folder === ".") return files
  const found = files.flatMap((file) =>
    file.path.startsWith(`${folder}/`) ? [{ ...file, path: file.path.slice(folder.length + 1) }] : [],
  )
  if (found.length === 0) throw refused(`There is no folder ${shown(folder)} in it.`)
  return found
}

/** A path of a marketplace that lies in a folder. */
export function withinMarket(folder: string, path: string): string {
  const inside = path.startsWith("./") && !path.split("/").includes("..") ? insideOf(folder, path) : undefined
  if (inside === undefined || inside === "outside")
    throw refused(`The marketplace says ${shown(path)}, which is no path in its folder ${folder}.`)
  return join(inside)
}

/** The archive of a package as the registry has it, held to the hash that the registry says. No script of it is run. */
async function fromNpm(
  { name, version = "latest", registry }: Extract<Source, { kind: "npm" }>,
  options: GetOptions,
): Promise<readonly PluginFile[]> {
  const url = `${registry?.replace(/\/$/, "") ?? options.registry}/${name.replace("/", "%2f")}/${encodeURIComponent(version)}`
  const about = parsed(new TextDecoder().decode(await downloaded(options.reach, url, { bytesMax: 4_000_000 })))
  const dist = "value" in about && isValues(about.value) ? about.value.dist : undefined
  if (!isValues(dist) || typeof dist.tarball !== "string") throw refused(`${url} does not say where the package is.`)
  const bytes = await downloaded(options.reach, dist.tarball)
  heldToIntegrity(bytes, dist, name)
  return unpacked(bytes, dist.tarball)
}

function heldToIntegrity(bytes: Uint8Array, dist: Readonly<Record<string, unknown>>, name: string): void {
  const said = typeof dist.integrity === "string" ? /sha512-(\S+)/.exec(dist.integrity)?.[1] : undefined
  if (said === undefined) throw refused(`The registry says no SHA-512 of ${name}, so nobody knows whether this is it.`)
  const got = new Bun.CryptoHasher("sha512").update(bytes).digest("base64")
  if (got !== said) throw refused(`The archive of ${name} is not what the registry says: ${sha256(bytes)}.`)
}
