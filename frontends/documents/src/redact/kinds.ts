import { SHAPE_KINDS } from "@skein/protocol/secrets"

/** What is taken out, each with the words that stand in a report. */
export const SECRET_KINDS = {
  secret_value: "values of secret environment variables",
  ...SHAPE_KINDS,
  home: "the home folder",
  user_name: "the user's name",
  host_name: "the machine's name",
  email: "e-mail addresses",
} as const
export type SecretKind = keyof typeof SECRET_KINDS

/** How many of each kind were taken out; kinds of which there were none are absent. */
export type RedactionReport = Readonly<Partial<Record<SecretKind, number>>>

/** A report in one sentence; empty when nothing was taken out. */
export function reportText(report: RedactionReport): string {
  const found = Object.entries(SECRET_KINDS).flatMap(([kind, words]) => {
    const count = report[kind as SecretKind]
    return count === undefined ? [] : [`${words} (${count})`]
  })
  return found.length === 0 ? "" : `Taken out: ${found.join(", ")}.`
}
