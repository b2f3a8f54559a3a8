import { asNumber, asObject, asText, asTexts, given, type Json } from "@skein/protocol/json"

/** What settings say of logging in to a server. Variables stay as they are written. */
export interface LoginSettings {
  /** Of an application that the person, or their organisation, made at the login server; an address where its document is. */
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** In the place of those that the server wants. */
  readonly scopes?: readonly string[] | undefined
  /** Where browsers are sent back to. */
  readonly callbackPort?: number | undefined
}

/** As skein and Claude have it (`oauth`), as Cursor has it (`auth`), and Codex's `scopes`. */
export function loginSettings(entry: Json): LoginSettings {
  const ours = asObject(entry.oauth) ?? {}
  const cursor = asObject(entry.auth) ?? {}
  const scopes = ours.scopes ?? cursor.scopes ?? entry.scopes
  const port = asNumber(ours.callback_port ?? ours.callbackPort)
  return {
    ...given("clientId", filled(ours.client_id ?? ours.clientId ?? cursor.CLIENT_ID)),
    ...given("clientSecret", filled(ours.client_secret ?? ours.clientSecret ?? cursor.CLIENT_SECRET)),
    ...given(
      "scopes",
      typeof scopes === "string" ? scopes.split(/\s+/) : Array.isArray(scopes) ? asTexts(scopes) : undefined,
    ),
    ...given(
      "callbackPort",
      port !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    ),
  }
}

function filled(value: unknown): string | undefined {
  const text = asText(value)?.trim()
  return text === "" ? undefined : text
}
