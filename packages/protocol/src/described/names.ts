import type { IdPrefix } from "../ids.ts"

/** What ids are called in a description. */
export const ID_NAMES: Readonly<Record<IdPrefix, string>> = {
  ses: "SessionId",
  trn: "TurnId",
  itm: "ItemId",
  cal: "CallId",
  evt: "EventId",
  op: "OpId",
  inp: "InputId",
  apr: "ApprovalId",
  req: "RequestId",
  cli: "ClientId",
  rul: "RuleId",
  prc: "ProcessId",
}

/** `turn.submit` as `TurnSubmit`. */
export function pascal(type: string): string {
  return type.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
