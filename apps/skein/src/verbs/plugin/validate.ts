import type { PersonalPlugins } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"
import { broughtLines, oneWord, problemLines, withPlugins } from "./told.ts"

type Validation = Awaited<ReturnType<PersonalPlugins["validate"]>>

/** `skein plugin validate`: exit 1 when it cannot be loaded, or when a signature is of a key that nobody trusts. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const found = await plugins.validate(oneWord(own, "folder or archive"))
    const isLoadable = !found.problems.some(({ isError }) => isError)
    if (own.flags.has("json")) own.io.out(jsonPage({ ...found, isLoadable }))
    else for (const line of validationLines(found)) own.io.out(line)
    return isLoadable && found.verdict.kind !== "unknown_key" ? 0 : 1
  })

export function validationLines(found: Validation): readonly string[] {
  const { name, version, sha256, brings, problems } = found
  const isLoadable = name !== undefined
  return [
    isLoadable ? oneLine(`${name} ${version ?? ""}`) : "It cannot be loaded.",
    `  signed     ${signedText(found.verdict)}`,
    `  sha256     ${sha256}`,
    ...(isLoadable ? broughtLines(brings) : []),
    ...problemLines(problems),
  ]
}

function signedText(verdict: Validation["verdict"]): string {
  if (verdict.kind === "signed") return oneLine(`by ${verdict.by.name}, ${verdict.by.id}; every file is as it was then`)
  if (verdict.kind === "unknown_key") return oneLine(`by ${verdict.keyId}, which is no key that you trust`)
  return "by nobody"
}
