import type { LoginKind, LoginOwner } from "./login.ts"
import type { PersonalLogins } from "./logins.ts"

export interface OnDemandOptions {
  readonly load: () => Promise<PersonalLogins>
  /** Whether any place for secrets could have something, by what is there. */
  readonly couldHold: () => boolean
}

/** Those that lie in a place for secrets; the others are found by files and variables of their own. */
const KEPT: readonly LoginKind[] = ["openai-codex", "github-copilot", "gemini-web"]

/** The logins, of which nothing is loaded before somebody asks for one that could be there. */
export function loginsOnDemand({ load, couldHold }: OnDemandOptions): PersonalLogins {
  let made: PersonalLogins | undefined
  const all = async () => {
    made ??= await load()
    return made
  }
  const isAbsent = ({ login }: LoginOwner) => KEPT.includes(login) && !couldHold()
  return {
    credential: async (owner, signal) => (isAbsent(owner) ? undefined : await (await all()).credential(owner, signal)),
    refused: (owner, credential) => made?.refused(owner, credential) ?? false,
    accepted: (owner, credential) => made?.accepted(owner, credential),
    state: async (owner) => (isAbsent(owner) ? undefined : await (await all()).state(owner)),
    warning: async (owner) => await (await all()).warning(owner),
    login: async (owner, ...how) => await (await all()).login(owner, ...how),
    logout: async (owner) => await (await all()).logout(owner),
  }
}
