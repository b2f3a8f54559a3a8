import type { Egress, EgressPort, ExecRequest, NetworkGate } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import type { HostLease } from "./jail/hosts.ts"
import { openRelay } from "./jail/relay.ts"

/** The way out for one command. */
export interface Way {
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<readonly NetworkAttempt[]>
}

/** A port in its namespace that leads to the proxy, which knows it by its token. `gone`: its host is. */
export async function openWay(
  egress: EgressPort,
  lease: HostLease,
  run: Pick<ExecRequest, "sessionId" | "callId">,
  gate: NetworkGate,
): Promise<Way | "gone"> {
  const opened: Egress = await egress.open(gate, { sessionId: run.sessionId, callId: run.callId })
  const relay = await openRelay(lease.host, opened.socketPath).catch(async (error: unknown) => {
    await opened.close()
    throw error
  })
  if (relay === undefined) {
    await opened.close()
    return "gone"
  }
  return {
    environment: proxyEnvironment(`http://skein:${opened.token}@127.0.0.1:${relay.port}`),
    close() {
      relay.close()
      return opened.close()
    },
  }
}

/** Every spelling that programs look for. Nothing goes around it: there is no other way out. */
function proxyEnvironment(address: string): Readonly<Record<string, string>> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
  const npm = ["npm_config_proxy", "npm_config_https_proxy", "YARN_HTTP_PROXY", "YARN_HTTPS_PROXY"]
  return {
    ...Object.fromEntries([...names, ...npm].map((name) => [name, address])),
    NO_PROXY: "",
    no_proxy: "",
    npm_config_noproxy: "",
  }
}
