import type { NetworkGate, NetworkTarget } from "@skein/core/ports"

/** What the person agreed to when they installed the plugin, and nothing else: nobody is asked. */
export function extensionGate(title: string, hosts: readonly string[]): NetworkGate {
  return async (target) => {
    const named = hosts.find((host) => isNamed(host, target))
    if (named !== undefined)
      return { isAllowed: true, reason: `${title} may reach ${named}.`, isPrivateAllowed: !named.includes("*") }
    return {
      isAllowed: false,
      reason: `${title} may not reach ${target.host}:${target.port}: its manifest does not name it (capabilities: network:HOST).`,
    }
  }
}

/** `host`, `*.host`, either with `:port`. */
function isNamed(pattern: string, { host, port }: NetworkTarget): boolean {
  const [wanted = "", wantedPort] = pattern.toLowerCase().split(":")
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false
  return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : host === wanted
}
