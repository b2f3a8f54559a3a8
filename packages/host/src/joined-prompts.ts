import type { PromptsPort } from "@skein/core/ports"

/** What several know by name, as one: where two know the same name, it is the first one's. */
export function joinedPrompts(ports: readonly PromptsPort[]): PromptsPort {
  return {
    async list(place) {
      const all = (await Promise.all(ports.map((port) => port.list(place)))).flat()
      const byName = new Map(all.toReversed().map((prompt) => [prompt.name, prompt]))
      return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    },
    async expand(name, args, place, signal) {
      for (const port of ports) {
        const expanded = await port.expand(name, args, place, signal)
        if (expanded !== undefined) return expanded
      }
      return undefined
    },
  }
}
