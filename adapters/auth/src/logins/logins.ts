import { unlessAborted } from "@skein/protocol"
import type { SecretStore } from "../store.ts"
import type { Ground } from "./ground.ts"
import { keptLogins } from "./kept.ts"
import type {
  Channel,
  ChoosePlace,
  Credential,
  Issued,
  LoggedIn,
  LoggedOut,
  LoginKind,
  LoginOwner,
  LoginState,
  Logins,
  LoginWish,
  Person,
} from "./login.ts"

export interface LoginsOptions extends Omit<Ground, "kept"> {
  /** Places for secrets that the person allows, in the order in which they are asked. */
  readonly stores: () => Promise<readonly SecretStore[]>
  /** Told of each secret before anyone is given it, and of where it came from. */
  readonly onIssued: (id: string, issued: Issued) => void
}

/** All logins, and what a person does with them. */
export interface PersonalLogins extends Logins {
  /** Undefined: the person has not logged in. Asks no network. Throws SkeinError for what cannot be read. */
  state(owner: LoginOwner): Promise<LoginState | undefined>
  /** What to be warned of before, in a sentence; undefined for a login that the provider offers to everyone. */
  warning(owner: LoginOwner): Promise<string | undefined>
  /** Throws SkeinError `login.*`, and `secret.unavailable` where it cannot be kept. */
  login(owner: LoginOwner, wish: LoginWish, person: Person, place: ChoosePlace): Promise<LoggedIn>
  logout(owner: LoginOwner): Promise<LoggedOut>
}

/** What a provider was last given, and what it did not take. */
interface Given {
  readonly issued: Issued
  /** It was asked for because the one before was refused, and has not been taken yet. */
  readonly isSecondTry: boolean
}

/**
 * Gives credentials as long as they are good, and asks for each of them once, whoever asks at the same time. Each way of
 * logging in is loaded when it is first used.
 */
export function logins(options: LoginsOptions): PersonalLogins {
  const { now, onIssued } = options
  const ground: Ground = { ...options, kept: keptLogins(options.stores, options.dataDir) }
  const channels = new Map<LoginKind, Promise<Channel>>()
  const given = new Map<string, Given>()
  const refusals = new Map<string, string>()
  const asking = new Map<string, Promise<Issued | undefined>>()

  function channelOf(kind: LoginKind): Promise<Channel> {
    const channel = channels.get(kind) ?? loaded(kind, ground)
    channels.set(kind, channel)
    return channel
  }

  async function issue({ id, login }: LoginOwner): Promise<Issued | undefined> {
    const refused = refusals.get(id)
    const channel = await channelOf(login)
    const issued = await channel.issue(id, refused === undefined ? {} : { refused })
    if (issued === undefined) return undefined
    onIssued(id, issued)
    given.set(id, { issued, isSecondTry: refused !== undefined })
    refusals.delete(id)
    return issued
  }

  function forget(id: string): void {
    given.delete(id)
    refusals.delete(id)
  }

  return {
    async credential(owner, signal): Promise<Credential | undefined> {
      const known = given.get(owner.id)?.issued
      const isGood =
        known !== undefined && !refusals.has(owner.id) && now() < (known.expiresAt ?? Number.POSITIVE_INFINITY)
      if (isGood) return known.credential
      // Others may wait for the same one: who gives up leaves it to them.
      const asked = asking.get(owner.id) ?? issue(owner).finally(() => asking.delete(owner.id))
      asking.set(owner.id, asked)
      return (await unlessAborted(asked, signal))?.credential
    },
    refused({ id }, { secret }) {
      const last = given.get(id)
      // Another request was faster: what it is given is newer already.
      if (last === undefined || last.issued.credential.secret !== secret) return true
      if (!last.issued.isRenewable || last.isSecondTry) return false
      refusals.set(id, secret)
      return true
    },
    accepted({ id }, { secret }) {
      const last = given.get(id)
      if (last?.isSecondTry === true && last.issued.credential.secret === secret)
        given.set(id, { ...last, isSecondTry: false })
    },
    state: async ({ id, login }) => await (await channelOf(login)).state(id),
    warning: async ({ login }) => (await channelOf(login)).unofficial,
    async login({ id, login }, wish, person, place) {
      const channel = await channelOf(login)
      try {
        return await channel.login(id, wish, person, () => alone(id, place, ground.kept))
      } finally {
        forget(id)
      }
    },
    async logout({ id, login }) {
      const channel = await channelOf(login)
      try {
        // A renewal that is on its way would put back what was removed before it ended.
        return await ground.kept.exclusively(id, () => channel.logout(id))
      } finally {
        forget(id)
      }
    },
  }
}

/** A place in whose stead no other has an older login, which might be found first; nor does a renewal of that one come after. */
async function alone(id: string, place: ChoosePlace, kept: Ground["kept"]): ReturnType<ChoosePlace> {
  const store = await place()
  return {
    set: (name, value) =>
      kept.exclusively(id, async () => {
        await kept.remove(id)
        return await store.set(name, value)
      }),
  }
}

async function loaded(kind: LoginKind, ground: Ground): Promise<Channel> {
  switch (kind) {
    case "openai-codex":
      return (await import("./codex/codex.ts")).codex(ground)
    case "github-copilot":
      return (await import("./copilot/copilot.ts")).copilot(ground)
    case "google-cloud":
      return (await import("./google/google-cloud.ts")).googleCloud(ground)
    case "aws":
      return (await import("./aws/aws.ts")).aws(ground)
    case "gemini-web":
      return (await import("./gemini-web/gemini-web.ts")).geminiWeb(ground)
  }
}
