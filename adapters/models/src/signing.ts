import { SkeinError, unlessAborted } from "@skein/protocol"
import type { Credential, LoginKind, LoginOwner, LoginPlace, Logins } from "./logins.ts"
import { isOwnMachine } from "./network.ts"
import { baseUrlOf, type Environment, hasAddress } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"

/** What finding a key needs of a provider. */
export interface KeyOwner {
  readonly id: string
  readonly name: string
  /** Variables that may hold the key, first wins. */
  readonly keyEnv: readonly string[]
  /** How a person logs in there. Where a key is found too, the key is used. */
  readonly login?: LoginKind | undefined
}

/** What a request is signed with. Both absent: nothing was found, and some providers need nothing. */
export interface Signature {
  readonly key?: string | undefined
  /** Of a login; its secret is the key. */
  readonly credential?: Credential | undefined
}

/** What there is for a provider, before anyone is asked for anything. Both absent: nothing. */
export interface Standing {
  readonly key?: string | undefined
  readonly login?: LoginPlace | undefined
}

export interface SigningOptions {
  readonly env: Environment
  readonly key: (provider: KeyOwner) => string | undefined
  readonly seek?: ((provider: KeyOwner) => Promise<string | undefined>) | undefined
  readonly logins?: Logins | undefined
}

export interface Signing {
  /** The key that is at hand. */
  keyAtHand(row: OwnRow): string | undefined
  /** What is at hand, else what is found where looking takes a while. Ends with the signal, whoever still looks. */
  sought(row: OwnRow, signal?: AbortSignal): Promise<Signature>
  /** The same; nothing when it is broken, or cannot be had soon: that is told when its provider is asked. */
  tried(row: OwnRow): Promise<Signature>
  /** For a list: no login is renewed for it, and no program run that gives one. What is broken hides nothing of others. */
  standing(row: OwnRow): Promise<Standing>
  /** A server on this very machine that the user pointed at is asked without a key too. */
  isReady(row: OwnRow, key: string | undefined): boolean
  /** Whether nobody has looked everywhere yet for what this provider is signed with. */
  isUnsought(row: OwnRow): boolean
  /** What becomes of the error of a request that was signed with a login. */
  refusal(error: unknown, row: OwnRow, credential: Credential | undefined): unknown
  /** The provider took the request, and with it the login that it was signed with. */
  accepted(row: OwnRow, credential: Credential | undefined): void
}

/** A person waits: a login that takes longer to renew counts as none. */
const LOGIN_TIMEOUT_MS = 5_000

/** Finds what requests are signed with: a key wins over a login. Keeps no secret that is good. */
export function signing({ env, key: find, seek, logins }: SigningOptions): Signing {
  /** Providers that were looked for everywhere. */
  const seen = new Set<string>()
  /** Of those, the ones that a login was found for. */
  const loggedIn = new Set<string>()
  /** Of providers whose last request came back with its login refused: that login. */
  const refusedOnce = new Map<string, Credential>()

  function keyAtHand(row: OwnRow): string | undefined {
    const key = find(row)?.trim()
    return key === "" ? undefined : key
  }
  async function soughtKey(row: OwnRow, signal: AbortSignal | undefined): Promise<string | undefined> {
    const known = keyAtHand(row)
    if (known !== undefined || row.keyEnv.length === 0 || seek === undefined) return known
    const key = (await unlessAborted(seek(row), signal))?.trim()
    return key === "" ? undefined : key
  }
  async function sought(row: OwnRow, signal?: AbortSignal): Promise<Signature> {
    const key = await soughtKey(row, signal)
    const owner = key === undefined && logins !== undefined ? loginOf(row) : undefined
    const credential = owner && (await unlessAborted(logins?.credential(owner, signal), signal))
    noted(row, credential !== undefined)
    return credential === undefined ? { key } : { key: credential.secret, credential }
  }

  function noted(row: OwnRow, isLoggedIn: boolean): void {
    seen.add(row.id)
    if (isLoggedIn) loggedIn.add(row.id)
    else loggedIn.delete(row.id)
  }

  return {
    keyAtHand,
    sought,
    async tried(row) {
      const signal = AbortSignal.timeout(LOGIN_TIMEOUT_MS)
      return await unlessBroken(() => sought(row, row.login === undefined ? undefined : signal), signal)
    },
    async standing(row) {
      return await unlessBroken(async () => {
        const key = await soughtKey(row, undefined)
        const owner = key === undefined ? loginOf(row) : undefined
        const state = owner && (await logins?.state(owner))
        const login = state?.ended === undefined ? state : undefined
        noted(row, login !== undefined)
        return { key, login }
      })
    },
    isReady(row, key) {
      const isFree = row.isKeyOptional === true || (row.keyEnv.length === 0 && row.login === undefined)
      return key !== undefined || loggedIn.has(row.id) || isFree || isOwnServer(row, env)
    },
    isUnsought: (row) => (seek !== undefined || (logins !== undefined && row.login !== undefined)) && !seen.has(row.id),
    accepted(row, credential) {
      const owner = loginOf(row)
      if (credential === undefined || owner === undefined) return
      refusedOnce.delete(row.id)
      logins?.accepted(owner, credential)
    },
    refusal(error, row, credential) {
      const owner = loginOf(row)
      if (credential === undefined || owner === undefined || !isRefused(error)) return error
      // Several requests may have gone out with the one that was refused: each of them is asked again.
      const before = refusedOnce.get(row.id)
      const isNew = (before === undefined || before === credential) && logins?.refused(owner, credential) === true
      if (isNew) refusedOnce.set(row.id, credential)
      else refusedOnce.delete(row.id)
      return isNew ? tokenExpired(error, row) : loginRefused(error, row)
    },
  }
}

async function unlessBroken<T extends object>(find: () => Promise<T>, signal?: AbortSignal): Promise<T | object> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof SkeinError || signal?.aborted === true) return {}
    throw error
  }
}

function loginOf(row: OwnRow): LoginOwner | undefined {
  return row.login === undefined ? undefined : { id: row.id, login: row.login }
}

function isOwnServer(row: OwnRow, env: Environment): boolean {
  // What is not yet known of an address, as a region, makes it nobody's own.
  if (!hasAddress(row, env)) return false
  const baseUrl = baseUrlOf(row, env)
  return (baseUrl !== row.baseUrl || row.isMoved === true) && isOwnMachine(baseUrl)
}

/** AWS says 403 of a session that has ended. */
function isRefused(error: unknown): error is SkeinError {
  if (!(error instanceof SkeinError) || error.code !== "provider.auth") return false
  return error.httpStatus === 401 || /expired/i.test(error.message)
}

function tokenExpired(error: SkeinError, row: OwnRow): SkeinError {
  const text = `The login of ${row.name} had ended: it is renewed, and the request asked again.`
  return new SkeinError("provider.token_expired", text, { ...factsOf(error), cause: error })
}

function loginRefused(error: SkeinError, row: OwnRow): SkeinError {
  const said = error.message
    .replace(/ Check [^.]*\.$/, "")
    .replace("did not accept the key", "did not accept the login")
  return new SkeinError("provider.auth", `${said} Log in again: skein login ${row.id}`, factsOf(error))
}

function factsOf({ httpStatus, requestId }: SkeinError) {
  return {
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
