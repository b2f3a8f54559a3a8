import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { path } from "../../session/request.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { oneWord, withPlugins } from "./told.ts"
import { validationLines } from "./validate.ts"

/** `skein plugin sign <folder> --key FILE`. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const folder = path(oneWord(own, "folder"), own.io.cwd)
    const found = await plugins.sign(folder, keyText(own))
    for (const line of validationLines(found)) own.io.out(line)
    if (found.verdict.kind === "unknown_key")
      own.io.err(
        "note    To have it checked here as well, trust your own key: skein plugin keys add FILE.pub --name me",
      )
    return 0
  })

/** `skein plugin marketplace sign <file> --key FILE`: the list is written anew, signed. */
export const index: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const file = path(oneWord(own, "file"), own.io.cwd)
    if (!existsSync(file)) throw new UsageError(`${file} is not there.`)
    writeFileSync(file, await plugins.signIndex(readFileSync(file, "utf8"), keyText(own)))
    own.io.out(oneLine(`Signed ${file}. Give its serial a higher number before you sign it again.`))
    return 0
  })

/** `skein plugin keygen --out FILE`: the private key for oneself alone, the public one beside it for everybody. */
export const keygen: Run = (call) =>
  withPlugins(call, async (plugins, { flags, io }) => {
    const file = path(flags.text("out") ?? "skein-plugin-key.pem", io.cwd)
    for (const each of [file, `${file}.pub`]) if (existsSync(each)) throw new UsageError(`${each} is there already.`)
    const { id, privatePem, publicPem } = await plugins.keys.generate()
    writeFileSync(file, privatePem, { flag: "wx", mode: 0o600 })
    chmodSync(file, 0o600)
    writeFileSync(`${file}.pub`, publicPem, { flag: "wx", mode: 0o644 })
    io.out(id)
    io.err(`note    ${oneLine(file)} is yours alone; give ${oneLine(file)}.pub to those who are to trust it.`)
    return 0
  })

/** `skein plugin pack <folder>`. */
export const pack: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const { name, bytes } = plugins.pack(path(oneWord(own, "folder"), own.io.cwd))
    const file = path(own.flags.text("out") ?? name, own.io.cwd)
    if (existsSync(file)) throw new UsageError(`${file} is there already.`)
    writeFileSync(file, bytes, { flag: "wx" })
    own.io.out(file)
    return 0
  })

function keyText({ flags, io }: VerbCall): string {
  const named = flags.text("key")
  if (named === undefined) throw new UsageError("Say which key signs it: --key FILE. Make one: skein plugin keygen")
  const file = path(named, io.cwd)
  if (!existsSync(file)) throw new UsageError(`${file} is not there. Make a key: skein plugin keygen --out ${named}`)
  if ((statSync(file).mode & 0o077) !== 0) io.err(`warning Others can read ${oneLine(file)}: chmod 600 it.`)
  return readFileSync(file, "utf8")
}
