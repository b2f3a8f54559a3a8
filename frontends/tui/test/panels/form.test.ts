import { expect, test } from "bun:test"
import type { FormValues } from "../../src/panels/form/field.ts"
import { formPanel } from "../../src/panels/form/form.ts"
import { fieldsFrom } from "../../src/panels/form/from-schema.ts"
import { fitsEverywhere, press, text, type } from "./sat.ts"

const SCHEMA = {
  type: "object",
  required: ["host", "role"],
  properties: {
    host: { type: "string", title: "Host", description: "Where the database is", minLength: 3 },
    port: { type: "integer", title: "Port", default: 5432, minimum: 1, maximum: 65_535 },
    password: { type: "string", title: "Password", format: "password" },
    role: { type: "string", title: "Role", enum: ["admin", "reader"], enumNames: ["Administrator", "Reader\u001b[2J"] },
    tables: { type: "array", title: "Tables", items: { type: "string", enum: ["users", "orders"] } },
    tls: { type: "boolean", title: "TLS", default: true },
  },
}

function form() {
  const sent: FormValues[] = []
  const fields = fieldsFrom(SCHEMA) ?? []
  const panel = formPanel({
    ...{ title: "Connect to the database", text: "mcp: postgres asks", fields },
    submit: (values) => {
      sent.push(values)
      return [{ type: "tell", text: "sent" }]
    },
  })
  return { panel, sent }
}

const FILLED = [
  ...[...type("db.example"), "enter", "enter", ...type("geheim"), "tab"],
  ...["down", "enter", " ", "down", " ", "tab", "n", "enter"],
]

test("a form asks for what a schema says", () => {
  expect(text(form().panel, 80, 16)).toMatchInlineSnapshot(`
    "  Connect to the database
      mcp: postgres asks

    › Host      ▏
                Where the database is
      Port      5432
      Password
      Role
      Tables
      TLS       yes
      send

      enter next · tab next · esc back"
  `)
  expect(text(press(form().panel, ["tab", "tab", "tab", "down"]).panel, 80, 18)).toMatchInlineSnapshot(`
    "  Connect to the database
      mcp: postgres asks

      Host
      Port      5432
      Password
    › Role
                  Administrator
              ›   Reader\\e[2J
      Tables
      TLS       yes
      send

      up down choose · enter takes it · tab next · esc back"
  `)
})

test("what is filled in is sent as what it is", () => {
  const { panel, sent } = form()
  const { intents, isLeft } = press(panel, [...FILLED, "enter"])
  expect({ intents, isLeft }).toEqual({ intents: [{ type: "tell", text: "sent" }], isLeft: true })
  expect(sent).toEqual([
    { host: "db.example", port: 5432, password: "geheim", role: "reader", tables: ["users", "orders"], tls: false },
  ])
})

test("a secret is never drawn", () => {
  const { panel } = press(form().panel, ["tab", "tab", ...type("geheim")])
  expect(text(panel, 80, 20)).toContain("Password  ••••••▏")
  expect(text(panel, 80, 20)).not.toContain("geheim")
})

test("nothing is sent before all of it holds, and the first thing that does not is said", () => {
  const { panel, sent } = form()
  const again = press(panel, [
    ...type("x"),
    "tab",
    "ctrl+u",
    ...type("many"),
    "tab",
    "tab",
    "tab",
    "tab",
    "tab",
    "enter",
  ])
  expect(sent).toEqual([])
  expect(text(again.panel, 80, 18)).toMatchInlineSnapshot(`
    "  Connect to the database
      mcp: postgres asks

    › Host      x▏
                At least 3 characters.
      Port      many
                Port is a number.
      Password
      Role
                Role is needed.
      Tables
      TLS       yes
      send

      enter next · tab next · esc back"
  `)
})

test("a schema that asks for more than fields is not asked by half", () => {
  expect(fieldsFrom({ type: "object", properties: { a: { type: "object" } } })).toBeUndefined()
  expect(fieldsFrom("text")).toBeUndefined()
})

test("Esc leaves without sending", () => {
  expect(press(form().panel, [...FILLED, "escape"])).toMatchObject({ isLeft: true, intents: [] })
})

test("a form fits every screen", () => {
  fitsEverywhere(form().panel, ["x", "tab", "tab", "x", "tab", "down", "tab", " ", "tab", "tab"])
})
