import { createRequire, isBuiltin } from "node:module"
import { Script } from "node:vm"
import { asObject, asText } from "@skein/protocol/json"

/** The part of playwright-core that is used. */
export type Leader = Pick<typeof import("playwright-core"), "chromium">

/**
 * The library as it travels inside the binary, compressed with zstd: `{code, files}`, its code as CommonJS and the JSON files
 * it takes for its own, by path. Undefined: it is a package.
 */
export type PackedLeader = () => Promise<Uint8Array> | undefined

/** The library that leads browsers. Rejects where the binary was made without. */
export async function leader(packed: PackedLeader): Promise<Leader> {
  const bytes = await packed()
  return bytes === undefined ? await import("playwright-core") : unpacked(await Bun.zstdDecompress(bytes))
}

type Wrapped = (exports: object, require: (name: string) => unknown, module: object) => void

/** The code is a part of the binary, as all other is. */
function unpacked(bytes: Uint8Array): Leader {
  const { code, files } = asObject(JSON.parse(new TextDecoder().decode(bytes))) ?? {}
  const wrapped: unknown = new Script(asText(code) ?? "").runInThisContext()
  const module: { exports: Partial<Leader> } = { exports: {} }
  if (typeof wrapped === "function") (wrapped as Wrapped)(module.exports, requiring(asObject(files) ?? {}), module)
  const { chromium } = module.exports
  if (chromium === undefined) throw new Error("The binary was made without the library that leads browsers.")
  return { chromium }
}

const own = createRequire(import.meta.url)

/** What it would take besides, if it were there, is not: nothing is loaded from folders that others may write to. */
function requiring(files: Readonly<Record<string, unknown>>): (name: string) => unknown {
  return (name) => {
    if (isBuiltin(name)) return own(name)
    const text = asText(files[name])
    if (text !== undefined) return JSON.parse(text)
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" })
  }
}
