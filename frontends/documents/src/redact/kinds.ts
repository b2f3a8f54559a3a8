/** What is taken out, each with the words that stand in a report. */
export const SECRET_KINDS = {
  secret_value: "values of secret environment variables",
  private_key: "private keys",
  provider_key: "keys of model providers",
  cloud_key: "keys of clouds",
  code_host_token: "tokens of code hosts and registries",
  chat_token: "tokens of chat and payment services",
  web_token: "web tokens",
  header: "headers that authorise",
  assignment: "passwords and secrets given a value",
  url_credentials: "addresses with a name and password",
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
