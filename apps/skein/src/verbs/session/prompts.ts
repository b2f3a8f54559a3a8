import { jsonPage } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { limitOf } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { age } from "../../tell/amounts.ts"
import { clipped, oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"

/** `skein session prompts`: what was asked in this folder's sessions, newest first, a line each. */
export const run: Run = (call) => withHost(call, prompts)

export async function prompts({ call: { flags, io }, engine, cwd }: Asking): Promise<number> {
  const where = flags.has("all") ? {} : { cwd }
  const found = await engine.ask({ type: "prompts.list", ...where, ...given("limit", limitOf(flags)) })
  if (flags.has("json")) io.out(jsonPage(found))
  else {
    const width = await io.columns()
    for (const { sessionId, at, text } of found) {
      io.out(clipped(`${sessionId}  ${age(at, io.now())}  ${oneLine(text)}`, width))
    }
  }
  if (found.length === 0) {
    io.err(flags.has("all") ? "Nothing was asked yet." : `Nothing was asked in ${cwd}; --all looks in every folder.`)
  }
  return 0
}
