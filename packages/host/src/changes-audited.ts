import type { AuditEntry, AuditPort } from "@skein/core/ports"
import { type Rule, type RuleId, SkeinError } from "@skein/protocol"
import { systemClock } from "./world.ts"

export interface Audited {
  readonly audit: AuditPort
  /** Told what a person should know. */
  readonly warn: (sentence: string) => void
}

interface Keeping {
  keep(rule: Rule, path: string): Promise<Rule>
  drop(ruleId: RuleId): Promise<Rule>
  readonly file: string
}

/** What a person changes about kept rules outside of a session is on record before it holds. */
export function rulesAudited<T extends Keeping>(book: T & Keeping, audited: Audited) {
  return {
    ...book,
    keep(rule: Rule, path: string) {
      const { id, scope, decision } = rule
      const resources = [{ kind: "rule", name: JSON.stringify(rule) }]
      const entry = { action: "rule.add", resources, decision, rule: id ?? `${scope} ${decision}` }
      return recorded(
        audited,
        entry,
        () => book.keep(rule, path),
        () => "added",
      )
    },
    drop(ruleId: RuleId) {
      const entry = { action: "rule.remove", resources: [{ kind: "rule", name: ruleId }], rule: ruleId }
      return recorded(
        audited,
        entry,
        () => book.drop(ruleId),
        () => "removed",
      )
    },
    /** Does what puts another file of rules in the place of this one. */
    edit(put: () => void) {
      const entry = { action: "rule.edit", resources: [{ kind: "file", name: book.file }] }
      return recorded(
        audited,
        entry,
        async () => put(),
        () => "kept",
      )
    },
  }
}

/** Where keys are kept. */
interface Store {
  readonly name: string
  set(provider: string, value: string): Promise<string>
  delete(provider: string): Promise<boolean>
}

/** A key that is kept, or taken out again, is on record before it is: whose it is and in which place, never the key. */
export function storesAudited<S extends Store>(stores: readonly S[], audited: Audited): readonly S[] {
  return stores.map((store) => {
    const entry = (action: string, provider: string) => ({
      action,
      resources: [
        { kind: "provider", name: provider },
        { kind: "secret", name: store.name },
      ],
    })
    return {
      ...store,
      set: (provider: string, value: string) =>
        recorded(
          audited,
          entry("login", provider),
          () => store.set(provider, value),
          () => "kept",
        ),
      delete: (provider: string) =>
        recorded(
          audited,
          entry("logout", provider),
          () => store.delete(provider),
          (wasThere) => (wasThere ? "removed" : "unknown"),
        ),
    }
  })
}

/** What a person does about accounts. */
interface Accounts {
  login(owner: { readonly id: string; readonly login: string }, ...how: never[]): Promise<unknown>
  logout(owner: { readonly id: string; readonly login: string }): Promise<{ readonly removed: readonly string[] }>
}

/** A login, and its end, is on record before it begins: whose it is, never a token. */
export function loginsAudited<L extends Accounts>(logins: L, audited: Audited): L {
  const entry = (action: string, { id, login }: { readonly id: string; readonly login: string }) => ({
    action,
    resources: [
      { kind: "provider", name: id },
      { kind: "login", name: login },
    ],
  })
  return {
    ...logins,
    login: ((owner, ...how) =>
      recorded(
        audited,
        entry("login", owner),
        () => logins.login(owner, ...how),
        () => "logged_in",
      )) as L["login"],
    logout: ((owner) =>
      recorded(
        audited,
        entry("logout", owner),
        () => logins.logout(owner),
        ({ removed }) => (removed.length > 0 ? "removed" : "unknown"),
      )) as L["logout"],
  }
}

/**
 * Recorded, done, and recorded with what came of it. Rejects with `audit.unwritable` before anything is done; what is done
 * stands, and the error of what failed is told, whatever becomes of the second record.
 */
export async function recorded<T>(
  { audit, warn }: Audited,
  what: Omit<AuditEntry, "at" | "actor" | "outcome">,
  act: () => Promise<T>,
  outcomeOf: (made: T) => string,
): Promise<T> {
  const put = (outcome?: string) => audit.record({ at: systemClock.now(), actor: "person", ...what, outcome })
  const putAfter = (outcome: string) =>
    put(outcome).catch((error: unknown) => warn(unrecorded(what.action, outcome, error)))
  await put()
  let made: T
  try {
    made = await act()
  } catch (error) {
    await putAfter(error instanceof SkeinError ? error.code : "failure")
    throw error
  }
  await putAfter(outcomeOf(made))
  return made
}

function unrecorded(action: string, outcome: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error)
  return `${action} is over (${outcome}), and the record of actions says only that it began: ${why}`
}
