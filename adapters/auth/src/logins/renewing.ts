import { SkeinError } from "@skein/protocol"
import { type Fields, parsedFields } from "./fields.ts"
import type { KeptLogin, KeptLogins } from "./kept.ts"
import type { Channel, Issued, LoginState } from "./login.ts"
import { again } from "./refusals.ts"

/** How what a way of logging in keeps is read, written and renewed. */
export interface Renewing<R> {
  readonly kept: KeptLogins
  /** Who is logged in to: for messages. */
  readonly name: string
  /** Undefined for what was never written by skein. */
  read(fields: Fields): R | undefined
  write(record: R): Fields
  /** The secret that requests are signed with; undefined: it has to be asked for first. */
  secretOf(record: R): string | undefined
  /** Milliseconds since 1970 from which on it is better renewed; undefined: never. */
  staleAt(record: R): number | undefined
  /** Asks the identity server. Throws SkeinError `login.expired` when the login is over. */
  renew(record: R, id: string, signal: AbortSignal | undefined): Promise<R>
  issued(record: R, secret: string): Omit<Issued, "source" | "warning">
  state(record: R): Omit<LoginState, "source" | "ended">
}

/**
 * A login that is kept and renewed. Of all skeins on this machine one renews it, and the others take what it was given: a
 * server that rotates its tokens takes each of them once, and ends the login when one comes twice (RFC 9700 §4.14.2).
 */
export function renewing<R>(way: Renewing<R>, now: () => number): Pick<Channel, "issue" | "state"> {
  const { kept, name } = way

  function readRecord(found: KeptLogin, id: string): { readonly record: R; readonly ended: string | undefined } {
    const fields = parsedFields(found.text)
    const record = fields === undefined ? undefined : way.read(fields)
    if (fields === undefined || record === undefined)
      throw new SkeinError("login.expired", `What ${found.source} holds is no login of ${name}. ${again(id)}`)
    return { record, ended: typeof fields.ended === "string" ? fields.ended : undefined }
  }

  function usable(record: R, refused: string | undefined): string | undefined {
    const secret = way.secretOf(record)
    if (secret === undefined || secret === refused) return undefined
    return now() < (way.staleAt(record) ?? Number.POSITIVE_INFINITY) ? secret : undefined
  }

  function issued(record: R, secret: string, { source, warning }: KeptLogin): Issued {
    return { ...way.issued(record, secret), source, ...(warning === undefined ? {} : { warning }) }
  }

  async function renewed(id: string, refused: string | undefined, signal: AbortSignal | undefined) {
    const found = await kept.read(id)
    if (found === undefined) return undefined
    const { record, ended } = readRecord(found, id)
    // Another skein was faster.
    const known = usable(record, refused)
    if (known !== undefined) return issued(record, known, found)
    if (ended !== undefined) throw over(name, id, ended)
    try {
      const next = await way.renew(record, id, signal)
      const secret = way.secretOf(next)
      if (secret === undefined) throw new Error(`${name} was renewed without a secret`)
      const trouble = await replaced(found, textOf(way.write(next)))
      return issued(next, secret, { ...found, warning: trouble ?? found.warning })
    } catch (error) {
      if (!(error instanceof SkeinError) || error.code !== "login.expired") throw error
      // One place may serve several machines, and another of them was faster.
      const other = await kept.read(id)
      const given = other === undefined || other.text === found.text ? undefined : readRecord(other, id)
      const theirs = given === undefined ? undefined : usable(given.record, refused)
      if (other !== undefined && given !== undefined && theirs !== undefined) return issued(given.record, theirs, other)
      // Said at once the next time, and by status.
      await replaced(found, textOf({ ...way.write(record), ended: error.message }))
      throw error
    }
  }

  return {
    async issue(id, { refused, signal }) {
      const found = await kept.read(id)
      if (found === undefined) return undefined
      const { record, ended } = readRecord(found, id)
      if (ended !== undefined) throw over(name, id, ended)
      const known = usable(record, refused)
      if (known !== undefined) return issued(record, known, found)
      return await kept.exclusively(id, () => renewed(id, refused, signal), signal)
    },
    async state(id) {
      const found = await kept.read(id)
      if (found === undefined) return undefined
      const { record, ended } = readRecord(found, id)
      return { ...way.state(record), source: found.source, ...(ended === undefined ? {} : { ended }) }
    },
  }
}

export function textOf(fields: Fields): string {
  return JSON.stringify({ version: 1, ...fields })
}

function over(name: string, id: string, ended: string): SkeinError {
  return new SkeinError("login.expired", ended === "" ? `The login of ${name} is over. ${again(id)}` : ended)
}

/** What was renewed is good for this process though it could not be kept; in words, why. */
async function replaced(found: KeptLogin, text: string): Promise<string | undefined> {
  try {
    await found.replace(text)
    return undefined
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return `A login was renewed and could not be kept, so it may have to be made again: ${error.message}`
  }
}
