import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { keys } from "../src/keys.ts"
import type { SecretStore, StoreName } from "../src/store.ts"

const ACME = { id: "acme", keyEnv: ["ACME_API_KEY"] }

/** A store that counts how often it was asked. */
function store(name: StoreName, value: string | undefined | Error) {
  const asked: string[] = []
  const fake: SecretStore = {
    name,
    state: async () => ({ kind: "ready", detail: name }),
    async get(provider) {
      asked.push(provider)
      if (value instanceof Error) throw value
      return value === undefined ? undefined : { value, source: name }
    },
    set: async () => name,
    delete: async () => false,
  }
  return { fake, asked }
}

const closed = (text: string) => new SkeinError("secret.unavailable", text)

test("stores are asked in their order, once for a provider, and only when nothing is at hand", async () => {
  const [keyring, vault, file] = [store("keyring", undefined), store("vault", "k-vault"), store("file", "k-file")]
  const stores = async () => [keyring.fake, vault.fake, file.fake]
  const found = keys({ env: {}, stores })

  expect(found.find(ACME)).toBeUndefined()
  const both = await Promise.all([found.seek(ACME), found.seek(ACME)])
  expect(both.map((key) => key?.value)).toEqual(["k-vault", "k-vault"])
  expect(found.find(ACME)?.source).toBe("vault")
  expect([keyring.asked, vault.asked, file.asked]).toEqual([["acme"], ["acme"], []])

  expect((await keys({ env: { ACME_API_KEY: "k-env" }, stores }).seek(ACME))?.value).toBe("k-env")
  expect(keyring.asked).toHaveLength(1)
})

test("a store that is closed is passed over, said once, and not asked again", async () => {
  const keyring = store("keyring", closed("The OS keyring cannot be used: the keyring is locked."))
  const file = store("file", "k-file")
  const found = keys({ env: {}, stores: async () => [keyring.fake, file.fake] })

  expect((await found.seek(ACME))?.value).toBe("k-file")
  await found.seek({ id: "other", keyEnv: [] })
  expect(found.troubles()).toEqual(["The OS keyring cannot be used: the keyring is locked."])
  expect(keyring.asked).toEqual(["acme"])
})

test("only places that are allowed are asked", async () => {
  const [keyring, vault] = [store("keyring", "k-keyring"), store("vault", "k-vault")]
  const options = { env: { ACME_API_KEY: "k-env" }, stores: async () => [keyring.fake, vault.fake] }

  expect((await keys({ ...options, allow: ["vault"] }).seek(ACME))?.value).toBe("k-vault")
  expect(keys({ ...options, allow: ["vault"] }).find(ACME)).toBeUndefined()
  expect(keyring.asked).toEqual([])
  expect((await keys({ ...options, allow: ["environment"] }).seek(ACME))?.value).toBe("k-env")
  expect(await keys({ ...options, env: {}, allow: ["environment", "file"] }).seek(ACME)).toBeUndefined()
})

test("a key of a store that could not be sent is refused by its place", async () => {
  const found = keys({ env: {}, stores: async () => [store("file", "two words").fake] })

  await expect(found.seek(ACME)).rejects.toThrow("The key in the file cannot be sent: its character 4 of 9 is a blank")
})

test("a defect of a store is no closed store", async () => {
  const found = keys({ env: {}, stores: async () => [store("file", new TypeError("broken")).fake] })

  await expect(found.seek(ACME)).rejects.toThrow(TypeError)
})
