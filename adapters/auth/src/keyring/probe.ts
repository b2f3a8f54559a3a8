import { SkeinError } from "@skein/protocol"
import type { StoreState } from "../store.ts"
import { type Bus, BusError, busPath, connectBus } from "./bus.ts"
import { textOf, truthOf } from "./message.ts"

/**
 * How it stands with the keyring, asked of the Secret Service itself (freedesktop.org Secret Service API 0.2): libsecret
 * answers for a locked one as for an empty one, and may open a window or wait for ever. Never rejects; ends by the deadline.
 */
export async function probeKeyring(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Promise<StoreState> {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    const path = busPath(env)
    if (path === undefined) return NO_BUS
    const bus = await connectBus(path, process.getuid?.() ?? 0, deadline)
    try {
      return await stateOn(bus)
    } finally {
      bus.close()
    }
  } catch (error) {
    if (error instanceof SkeinError) return unavailable(error.message, OTHER_PLACE)
    if (!(error instanceof BusError)) throw error
    if (/ServiceUnknown|NameHasNoOwner|Spawn/.test(error.message))
      return { kind: "off", reason: "no keyring service (gnome-keyring, KWallet) is there in this D-Bus session" }
    return unavailable(`the D-Bus session cannot be asked for the keyring: ${error.message.slice(0, 200)}`, OTHER_PLACE)
  }
}

async function stateOn(bus: Bus): Promise<StoreState> {
  const collection = textOf(
    await bus.call({
      destination: SERVICE,
      path: "/org/freedesktop/secrets",
      interface: "org.freedesktop.Secret.Service",
      member: "ReadAlias",
      texts: ["default"],
    }),
  )
  if (collection === "/")
    return { kind: "locked", reason: "the keyring service has no keyring that is open", cure: UNLOCK }
  const isLocked = truthOf(
    await bus.call({
      destination: SERVICE,
      path: collection,
      interface: "org.freedesktop.DBus.Properties",
      member: "Get",
      texts: ["org.freedesktop.Secret.Collection", "Locked"],
    }),
  )
  if (isLocked === false) return { kind: "ready", detail: "Secret Service, unlocked" }
  return { kind: "locked", reason: "the keyring is locked", cure: UNLOCK }
}

const SERVICE = "org.freedesktop.secrets"
const UNLOCK = "Unlock it by logging in to the desktop, or with: gnome-keyring-daemon --unlock"
const OTHER_PLACE =
  "Set the key in the environment, or keep it elsewhere: skein login --source vault, or --source file."

const NO_BUS: StoreState = {
  kind: "off",
  reason: "there is no D-Bus session to reach a keyring through (DBUS_SESSION_BUS_ADDRESS is not set)",
}

function unavailable(reason: string, cure: string): StoreState {
  return { kind: "unavailable", reason, cure }
}
