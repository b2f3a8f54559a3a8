import { SkeinError } from "@skein/protocol"
import { type Answer, isPassing, refusalText } from "./request.ts"

/** What a person does about a login that is over. */
export function again(id: string): string {
  return `Log in again: skein login ${id}`
}

/** The login is over, whatever anybody does here. */
export function expired(name: string, id: string, answer: Answer): SkeinError {
  const why = `${answer.host} answered ${refusalText(answer)}`
  return new SkeinError("login.expired", `The login of ${name} is over: ${why}. ${again(id)}`)
}

/** Nobody was logged in; `why` without the full stop. */
export function refused(name: string, why: string): SkeinError {
  return new SkeinError("login.refused", `${name} did not log you in: ${why}.`)
}

/** An answer that no login comes of: the trouble of the server, or a refusal. */
export function unusable(name: string, answer: Answer): SkeinError {
  return isPassing(answer) ? away(name, answer) : refused(name, `${answer.host} answered ${refusalText(answer)}`)
}

/** The server's trouble, which may be over soon. */
export function away(name: string, answer: Answer): SkeinError {
  const why = `${answer.host} answered ${refusalText(answer)}`
  return new SkeinError("login.unavailable", `${name} cannot be logged in to now: ${why}. Try again later.`)
}
