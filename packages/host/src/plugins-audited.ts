import { type Audited, recorded } from "./changes-audited.ts"

/** A plugin that waits for a yes. */
interface Waiting {
  readonly name: string
  readonly version?: string | undefined
  readonly source: string
  readonly sha256: string
  agree(): Promise<unknown>
}

/** Of what a person does with plugins, that which changes what may run. */
export interface PersonalSteps {
  propose(source: string, allowed: never): Promise<Waiting>
  proposeUpdate(name: string, allowed: never): Promise<Waiting | undefined>
  enable(name: string, isEnabled: boolean): Promise<void>
  remove(name: string): Promise<void>
  readonly keys: {
    add(text: string, name: string): Promise<unknown>
    remove(nameOrId: string): Promise<boolean>
  }
}

/** What a person installs, turns on or off, removes and trusts is on record before it holds: by its name and its hash. */
export function pluginsAudited<P extends PersonalSteps>(plugins: P, audited: Audited): P {
  const { keys } = plugins
  const plugin = (action: string, name: string) => ({ action, resources: [{ kind: "plugin", name }] })
  const agreeing = <W extends Waiting>(waiting: W): W => ({
    ...waiting,
    agree: () => {
      const { name, version, source, sha256 } = waiting
      const what = `${[name, version].filter((word) => word !== undefined).join(" ")} from ${source}, ${sha256}`
      return recorded(audited, plugin("plugin.install", what), waiting.agree, () => "added")
    },
  })
  const steps: PersonalSteps = {
    propose: async (source, allowed) => agreeing(await plugins.propose(source, allowed)),
    async proposeUpdate(name, allowed) {
      const waiting = await plugins.proposeUpdate(name, allowed)
      return waiting === undefined ? undefined : agreeing(waiting)
    },
    enable: (name, isEnabled) =>
      recorded(
        audited,
        plugin(isEnabled ? "plugin.enable" : "plugin.disable", name),
        () => plugins.enable(name, isEnabled),
        () => "kept",
      ),
    remove: (name) =>
      recorded(
        audited,
        plugin("plugin.remove", name),
        () => plugins.remove(name),
        () => "removed",
      ),
    keys: {
      ...keys,
      add: (text, name) =>
        recorded(
          audited,
          plugin("trust.decide", name),
          () => keys.add(text, name),
          () => "added",
        ),
      remove: (nameOrId) =>
        recorded(
          audited,
          plugin("trust.revoke", nameOrId),
          () => keys.remove(nameOrId),
          (wasThere) => (wasThere ? "removed" : "unknown"),
        ),
    },
  }
  return { ...plugins, ...steps }
}
