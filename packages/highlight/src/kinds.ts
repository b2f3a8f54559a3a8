import type { Language } from "@skein/grammars"
import type { TokenKind } from "./token.ts"

/** What the nodes of a grammar are. A kind holds for all of a node, until something within it is of another. */
export interface Kinds {
  readonly nodes: ReadonlyMap<string, TokenKind>
  /** Within these, what is outside no longer holds: code in a string. */
  readonly holes: ReadonlySet<string>
  /** A name that is called or defined as a function: `parent.field`. */
  readonly functions: ReadonlySet<string>
  /** The same for names of tags. */
  readonly tags: ReadonlySet<string>
  /** The same for names that are keys or members. */
  readonly properties: ReadonlySet<string>
  /** Names that the grammar takes for plain ones. */
  readonly words: ReadonlyMap<string, TokenKind>
  /** Words of the grammar that are no keywords to an eye. */
  readonly isKeyword: (text: string) => boolean
}

const built = new Map<Language, Kinds>()

/** What a language's nodes are, by their names in its grammar. */
export function kindsOf(language: Language): Kinds {
  let kinds = built.get(language)
  if (kinds === undefined) {
    kinds = build(language)
    built.set(language, kinds)
  }
  return kinds
}

/** Names that most grammars share. */
const COMMON: Partial<Record<TokenKind, string>> = {
  comment: "comment line_comment block_comment html_comment hash_bang_line shebang",
  string:
    "string string_literal raw_string_literal interpreted_string_literal template_string char_literal character_literal rune_literal " +
    "regex heredoc_body heredoc_start heredoc_end raw_string ansi_c_string string_value encapsed_string nowdoc heredoc " +
    "character system_lib_string text_block multiline_string_literal delimited_symbol string_array quoted_attribute_value",
  number:
    "number integer float number_literal integer_literal float_literal int_literal decimal_integer_literal imaginary_literal " +
    "hex_integer_literal octal_integer_literal binary_integer_literal decimal_floating_point_literal integer_value float_value " +
    "hex_floating_point_literal integer_scalar float_scalar color_value local_date offset_date_time local_time local_date_time",
  constant:
    "true false null nil none None True False undefined null_literal boolean boolean_literal boolean_scalar null_scalar iota " +
    "simple_symbol hash_key_symbol",
  type: "type_identifier primitive_type predefined_type sized_type_specifier integral_type floating_point_type boolean_type void_type named_type",
  property:
    "property_identifier field_identifier shorthand_property_identifier shorthand_property_identifier_pattern property_name",
  keyword: "visibility_modifier mutable_specifier self crate super this preproc_directive",
  tag: "tag_name doctype",
  operator: "",
}

const HOLES =
  "template_substitution interpolation string_interpolation command_substitution expansion simple_expansion format_expression"

const FUNCTIONS =
  "call_expression.function function_declaration.name function_definition.name method_definition.name generator_function_declaration.name " +
  "call.function function_item.name method_declaration.name method_invocation.name call.method method.name singleton_method.name " +
  "function_call_expression.function member_call_expression.name scoped_call_expression.name macro_invocation.macro " +
  "function_declarator.declarator command.name function_signature.name new_expression.constructor constructor_declaration.name macro_definition.name"

const PROPERTIES =
  "pair.key member_expression.property field_expression.field attribute.attribute selector_expression.field block_mapping_pair.key flow_pair.key keyword_argument.name"

const TAGS = "jsx_opening_element.name jsx_closing_element.name jsx_self_closing_element.name"

interface Own {
  readonly kinds?: Partial<Record<TokenKind, string>>
  readonly words?: Partial<Record<TokenKind, string>>
  /** Words of the grammar that stay plain. */
  readonly plain?: string
}

const OWN: Partial<Record<Language, Own>> = {
  bash: { kinds: { property: "variable_name special_variable_name" } },
  cpp: {
    words: {
      keyword:
        "class template typename namespace using public private protected virtual override final new delete try catch throw " +
        "operator friend explicit mutable constexpr noexcept nullptr this static_cast dynamic_cast reinterpret_cast const_cast " +
        "class struct enum union decltype concept requires co_await co_return co_yield consteval constinit",
      type: "int bool char float double void long short unsigned auto string vector map set pair optional unique_ptr shared_ptr size_t",
    },
  },
  css: {
    kinds: {
      tag: "tag_name universal_selector",
      type: "class_name id_name",
      function: "function_name",
      constant: "plain_value",
      keyword: "at_keyword important",
      number: "unit",
    },
  },
  html: { kinds: { property: "attribute_name", string: "quoted_attribute_value attribute_value" } },
  java: { kinds: { keyword: "modifiers this super", constant: "null_literal" } },
  json: {},
  php: { kinds: { property: "variable_name", keyword: "php_tag" } },
  python: { kinds: { type: "type", constant: "ellipsis" } },
  ruby: { kinds: { type: "constant", property: "instance_variable class_variable global_variable" } },
  rust: { kinds: { property: "attribute_item inner_attribute_item lifetime" } },
  toml: { kinds: { property: "bare_key quoted_key" } },
  yaml: {
    kinds: {
      string: "double_quote_scalar single_quote_scalar block_scalar",
      type: "tag anchor_name alias_name",
    },
  },
}

function build(language: Language): Kinds {
  const { kinds = {}, words = {}, plain = "" } = OWN[language] ?? {}
  const plainWords = namesOf(plain)
  return {
    nodes: new Map([...entries(COMMON), ...entries(kinds)]),
    holes: namesOf(HOLES),
    functions: namesOf(FUNCTIONS),
    tags: namesOf(TAGS),
    properties: namesOf(PROPERTIES),
    words: new Map(entries(words)),
    isKeyword: (text) => /^[@#]?[A-Za-z_]+[?!]?$/.test(text) && !plainWords.has(text),
  }
}

function entries(kinds: Partial<Record<TokenKind, string>>): (readonly [string, TokenKind])[] {
  return Object.entries(kinds).flatMap(([kind, names]) =>
    [...namesOf(names)].map((name) => [name, kind as TokenKind] as const),
  )
}

function namesOf(text: string): ReadonlySet<string> {
  return new Set(text.split(" ").filter((name) => name !== ""))
}
