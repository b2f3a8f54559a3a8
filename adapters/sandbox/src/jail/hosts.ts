import { type HostPlan, type JailHost, startHost } from "./host.ts"

/** Hosts that are kept between commands. */
export interface JailHosts {
  /**
   * The host for this plan. `place`: what it is for; there is one at a time, and a plan that differs from the last one
   * of its place gets a new host.
   */
  take(place: string, plan: HostPlan, identity: string): Promise<HostLease>
  close(): void
}

export interface HostLease {
  readonly host: JailHost
  /** The command is over. */
  release(): void
  /** It does not answer: the next command gets another. */
  drop(): void
}

interface Kept {
  readonly host: JailHost
  users: number
  isRetired: boolean
  timer: ReturnType<typeof setTimeout> | undefined
}

const IDLE_MS = 60_000

export function jailHosts(idleMs = IDLE_MS): JailHosts {
  const current = new Map<string, { readonly identity: string; readonly starting: Promise<Kept> }>()
  const all = new Set<Kept>()

  function end(kept: Kept): void {
    clearTimeout(kept.timer)
    all.delete(kept)
    kept.host.end()
  }

  function retire(kept: Kept): void {
    kept.isRetired = true
    if (kept.users === 0) end(kept)
  }

  function begin(place: string, plan: HostPlan, identity: string): Promise<Kept> {
    const before = current.get(place)
    const starting = startHost(plan).then((host) => {
      const kept: Kept = { host, users: 0, isRetired: false, timer: undefined }
      all.add(kept)
      return kept
    })
    current.set(place, { identity, starting })
    starting.catch(() => current.delete(place))
    // What went wrong with it was told to whoever asked for it.
    before?.starting.then(retire, () => undefined)
    return starting
  }

  async function take(place: string, plan: HostPlan, identity: string): Promise<HostLease> {
    const known = current.get(place)
    const found = known?.identity === identity ? await known.starting : undefined
    const kept = found === undefined || found.isRetired ? await begin(place, plan, identity) : found
    kept.users++
    clearTimeout(kept.timer)
    return leaseOf(place, kept)
  }

  function leaseOf(place: string, kept: Kept): HostLease {
    let isHeld = true
    const release = () => {
      if (!isHeld) return
      isHeld = false
      kept.users--
      if (kept.users > 0) return
      if (kept.isRetired) return end(kept)
      kept.timer = setTimeout(() => forget(place, kept), idleMs)
      kept.timer.unref()
    }
    const drop = () => {
      forget(place, kept)
      release()
    }
    return { host: kept.host, release, drop }
  }

  function forget(place: string, kept: Kept): void {
    current.delete(place)
    retire(kept)
  }

  return {
    take,
    close() {
      for (const kept of all) end(kept)
      current.clear()
    },
  }
}
