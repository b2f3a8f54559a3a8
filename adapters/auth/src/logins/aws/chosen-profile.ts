import { closeSync, constants, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { fieldsOf, parsedFields, textIn } from "../fields.ts"
import { type Ground, said } from "../ground.ts"

/** Which AWS profile a provider is asked with: AWS_PROFILE, else the one of its last login, else `default`. */
export function profileOf(
  { env, dataDir }: Pick<Ground, "env" | "dataDir">,
  id: string,
): { name: string; isNamed: boolean } {
  const name = said(env, "AWS_PROFILE") ?? chosen(dataDir)[id]
  return { name: name ?? "default", isNamed: name !== undefined }
}

/** Keeps the profile for the next start; undefined takes it away. It is no secret. Throws SkeinError `login.unavailable`. */
export function chooseProfile(dataDir: string, id: string, profile: string | undefined): void {
  const { [id]: before, ...others } = chosen(dataDir)
  if (before === profile) return
  const path = pathIn(dataDir)
  const beside = `${path}.${crypto.randomUUID()}.tmp`
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const fd = openSync(beside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
    writeFileSync(
      fd,
      `${JSON.stringify({ version: 1, profiles: profile === undefined ? others : { ...others, [id]: profile } })}\n`,
    )
    closeSync(fd)
    renameSync(beside, path)
  } catch (cause) {
    rmSync(beside, { force: true })
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an error"
    throw new SkeinError("login.unavailable", `The AWS profile could not be kept: cannot write ${path} (${code}).`, {
      cause,
    })
  }
}

function chosen(dataDir: string): Readonly<Record<string, string>> {
  let text: string
  try {
    text = readFileSync(pathIn(dataDir), "utf8")
  } catch (error) {
    if (error instanceof Error && "code" in error) return {}
    throw error
  }
  const profiles = fieldsOf(parsedFields(text)?.profiles) ?? {}
  return Object.fromEntries(
    Object.keys(profiles)
      .flatMap((id) => [[id, textIn(profiles, id)]])
      .filter(isWhole),
  )
}

function isWhole(entry: readonly (string | undefined)[]): entry is [string, string] {
  return entry[1] !== undefined
}

function pathIn(dataDir: string): string {
  return join(dataDir, "aws-profiles.json")
}
