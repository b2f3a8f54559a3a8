import type { PersonalPlugins } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { confirmed } from "../../session/confirm.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { broughtLines, oneWord, problemLines, sizeText, withPlugins } from "./told.ts"

type Proposal = Awaited<ReturnType<PersonalPlugins["propose"]>>

/** A yes that began before the list could be read is none. */
const READING_MS = 300

/** `skein plugin install`: what it brings is shown, and nothing of it is used before the person says yes. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const proposal = await plugins.propose(oneWord(own, "source"), allowed(own))
    return await decided(proposal, own)
  })

/** `skein plugin update`: one, or all that were installed. */
export const update: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const { words, io } = own
    const names =
      words.length > 0 ? words : plugins.inventory().flatMap(({ by, name }) => (by === "skein" ? [name] : []))
    let code = 0
    for (const name of names) {
      const proposal = await plugins.proposeUpdate(name, allowed(own))
      if (proposal === undefined) io.err(`note    ${oneLine(name)} is as new as it gets.`)
      else code = Math.max(code, await decided(proposal, own))
    }
    return code
  })

function allowed({ flags }: VerbCall) {
  return { isUnsigned: flags.has("unsigned"), isDowngrade: flags.has("downgrade") }
}

async function decided(proposal: Proposal, { flags, io }: VerbCall): Promise<number> {
  try {
    if (!flags.has("json")) for (const line of proposalLines(proposal)) io.out(line)
    const question = `Install ${oneLine(proposal.name)} and let it do this?`
    if (!flags.has("yes") && !(await confirmed(io, question, READING_MS))) {
      io.err("skein: nothing was installed")
      return 1
    }
    const { name, version, source, sha256, signedBy } = await proposal.agree()
    const { brings, problems } = proposal
    if (flags.has("json")) io.out(jsonPage({ name, version, source, sha256, signedBy, brings, problems }))
    else
      io.out(`Installed ${oneLine(`${name} ${version ?? ""}`)}. It is on from the next session on: skein plugin list`)
    return 0
  } finally {
    proposal.drop()
  }
}

function proposalLines(proposal: Proposal): readonly string[] {
  const { name, version, description, source, signer, before, filesCount, bytes, sha256 } = proposal
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["is", description === "" ? undefined : description],
    ["from", source],
    ["signed", signer === undefined ? "by nobody that you trust" : `by ${signer}`],
    ["replaces", before === undefined ? undefined : `${before.version ?? "what is there"}, from ${before.source}`],
    ["holds", `${filesCount} files, ${sizeText(bytes)}, ${sha256.slice(0, 16)}…`],
  ]
  return [
    oneLine(`${name} ${version ?? ""}`),
    ...facts.flatMap(([key, value]) => (value === undefined ? [] : [`  ${key.padEnd(9)}  ${oneLine(value)}`])),
    "It brings:",
    ...broughtLines(proposal.brings),
    ...problemLines(proposal.problems),
  ]
}
