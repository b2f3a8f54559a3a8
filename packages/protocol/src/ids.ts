/** Ids are prefixed UUIDv7, so they sort by creation and say what they name. An edge that needs a UUID strips the prefix. */
export type SessionId = `ses_${string}`
export type TurnId = `trn_${string}`
export type ItemId = `itm_${string}`
export type CallId = `cal_${string}`
export type EventId = `evt_${string}`
export type OpId = `op_${string}`
export type InputId = `inp_${string}`
export type ApprovalId = `apr_${string}`
export type RequestId = `req_${string}`
export type ClientId = `cli_${string}`
export type RuleId = `rul_${string}`
export type ProcessId = `prc_${string}`

export const ID_PREFIXES = ["ses", "trn", "itm", "cal", "evt", "op", "inp", "apr", "req", "cli", "rul", "prc"] as const
export type IdPrefix = (typeof ID_PREFIXES)[number]

/** The id type that a prefix makes: `Id<"ses">` is `SessionId`. */
export type Id<P extends IdPrefix> = `${P}_${string}`

/** What follows the prefix, as a pattern: nothing path-like, because ids name files. */
export const ID_CHARS = "[A-Za-z0-9-]{1,64}"
const AFTER_PREFIX = new RegExp(`^${ID_CHARS}$`)

/** Whether a text from outside is an id of this kind. */
export function isId<const P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && AFTER_PREFIX.test(text.slice(prefix.length + 1))
}
