import { isAbsolute, join } from "node:path"
import type { PersonalPlugins } from "@skein/codex"
import type { Host } from "@skein/host"

/** Plugins of the person's, as a client of the app server sees and changes them. */
export function personalPlugins(host: Host): PersonalPlugins {
  return {
    installed: async () =>
      (await host.plugins()).inventory().map((row) => ({
        ...{ name: row.name, version: row.version, description: row.description, source: row.source, by: row.by },
        ...{ root: row.root, isEnabled: row.state === "enabled", parts: row.brings },
      })),
    markets: async () => (await host.plugins()).markets.list().map((market) => shown(market, host)),
    offers: async () => {
      const { offers, troubles } = await (await host.plugins()).markets.search([])
      return { offers, troubles }
    },
    async install(source) {
      // Nobody is shown here what it would run: only what is signed by somebody the person trusts comes in.
      const proposal = await (await host.plugins()).propose(source, { isUnsigned: false, isDowngrade: false })
      try {
        await proposal.agree()
      } finally {
        proposal.drop()
      }
    },
    remove: async (name) => (await host.plugins()).remove(name),
    addMarket: async (source) => shown(await (await host.plugins()).markets.add(source), host),
    async updateMarket(name) {
      await (await host.plugins()).markets.update(name)
    },
    removeMarket: async (name) => (await host.plugins()).markets.remove(name),
  }
}

function shown(
  { name, source, folder }: { readonly name: string; readonly source: string; readonly folder: string },
  { directories }: Pick<Host, "directories">,
) {
  return { name, source, folder: isAbsolute(folder) ? folder : join(directories.data, "plugins", folder) }
}
