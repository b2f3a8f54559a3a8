import type { Position } from "./error.ts"

export type Expression = { readonly at: Position } & (
  | { readonly kind: "value"; readonly value: string | number | boolean | null }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list" | "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: "comprehension"
      readonly of: Expression
      readonly value?: Expression | undefined
      readonly clauses: readonly Clause[]
    }
  | { readonly kind: "call"; readonly callee: Expression; readonly args: readonly Argument[] }
  | { readonly kind: "dot"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: "slice"
      readonly of: Expression
      readonly from?: Expression | undefined
      readonly to?: Expression | undefined
    }
  | { readonly kind: "unary"; readonly operator: string; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "if"; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
)

export type Clause =
  | { readonly kind: "for"; readonly target: Target; readonly of: Expression }
  | { readonly kind: "if"; readonly test: Expression }

export type Target = { readonly at: Position } & (
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "tuple"; readonly items: readonly Target[] }
)

export interface Argument {
  readonly name?: string | undefined
  /** `*list` or `**dict`. */
  readonly spread?: "list" | "dict" | undefined
  readonly value: Expression
}

export interface Parameter {
  readonly name: string
  readonly otherwise?: Expression | undefined
}

export type Statement = { readonly at: Position } & (
  | { readonly kind: "expression"; readonly of: Expression }
  | { readonly kind: "assign"; readonly target: Target; readonly value: Expression }
  | { readonly kind: "extend"; readonly name: string; readonly operator: string; readonly value: Expression }
  | { readonly kind: "if"; readonly test: Expression; readonly then: Block; readonly otherwise: Block }
  | { readonly kind: "for"; readonly target: Target; readonly of: Expression; readonly body: Block }
  | { readonly kind: "def"; readonly name: string; readonly parameters: readonly Parameter[]; readonly body: Block }
  | { readonly kind: "return"; readonly of?: Expression | undefined }
  | { readonly kind: "pass" | "break" | "continue" }
)

export type Block = readonly Statement[]
