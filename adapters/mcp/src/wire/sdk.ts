/** The official client. Loaded when a server is first connected, and handed around from there. */
export type Sdk = typeof import("@modelcontextprotocol/client")

export function loadSdk(): Promise<Sdk> {
  return import("@modelcontextprotocol/client")
}
