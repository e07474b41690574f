import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import type { ObjectShape, PropertyShape, ResourceShape, Shape, Shapes } from "./shapes";

/** Reads the shapes of resource types from the declarations of an installed SDK. For development only: see generate.ts. */
export function shapesFromSdk(sdk: string, types: readonly string[]): Shapes {
  return new Reader(sdk).read(types);
}

type Scope = "input" | "output";

class Reader {
  private readonly directory: string;
  private readonly version: string;
  /** Interfaces of types/input.d.ts by qualified name. */
  private readonly interfaces = new Map<string, ts.InterfaceDeclaration>();
  private readonly types: Record<string, ObjectShape> = {};

  constructor(private readonly sdk: string) {
    const manifest = require.resolve(`${sdk}/package.json`);
    this.directory = path.dirname(manifest);
    this.version = (JSON.parse(fs.readFileSync(manifest, "utf8")) as { version: string }).version;
    this.collect(parse(path.join(this.directory, "types", "input.d.ts")).statements, "");
  }

  read(tokens: readonly string[]): Shapes {
    const provider = this.interfaceShape(
      interfaceNamed(parse(path.join(this.directory, "provider.d.ts")), "ProviderArgs"),
      "input",
    );
    const resources = Object.fromEntries([...tokens].sort().map((token) => [token, this.resource(token)]));
    const types = Object.fromEntries(
      Object.entries(this.types).sort(([left], [right]) => (left < right ? -1 : 1)),
    );
    return { sdk: this.sdk, version: this.version, provider, resources, types };
  }

  private resource(token: string): ResourceShape {
    const [, module = "", className = ""] = token.split(":");
    const folder = path.join(this.directory, path.dirname(module) === "index" ? "" : path.dirname(module));
    const source = parse(declarationOf(folder, token));
    const classNode = source.statements.find(
      (node): node is ts.ClassDeclaration => ts.isClassDeclaration(node) && node.name?.text === className,
    );
    if (classNode === undefined) throw new Error(`no class ${className} in ${source.fileName}`);
    const outputs = classNode.members
      .filter(ts.isPropertyDeclaration)
      .filter(({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
      .map(({ name, type }) => [nameOf(name), this.property(type, false, "output")] as const);
    return {
      inputs: this.interfaceShape(interfaceNamed(source, `${className}Args`), "input"),
      outputs: Object.fromEntries(outputs),
    };
  }

  private interfaceShape(node: ts.InterfaceDeclaration, scope: Scope): ObjectShape {
    const members = node.members.filter(ts.isPropertySignature).map(({ name, type, questionToken }) => {
      return [nameOf(name), this.property(type, questionToken !== undefined, scope)] as const;
    });
    return Object.fromEntries(members);
  }

  private property(type: ts.TypeNode | undefined, optional: boolean, scope: Scope): PropertyShape {
    if (type === undefined) return ["any"];
    const { shape, absent } = this.shape(type, scope);
    return optional || absent ? [shape] : shape;
  }

  private shape(type: ts.TypeNode, scope: Scope): { shape: Shape; absent: boolean } {
    if (ts.isParenthesizedTypeNode(type)) return this.shape(type.type, scope);
    if (ts.isArrayTypeNode(type)) return present({ list: this.shape(type.elementType, scope).shape });
    if (ts.isUnionTypeNode(type)) return this.union(type, scope);
    if (ts.isTypeLiteralNode(type)) {
      const [index] = type.members.filter(ts.isIndexSignatureDeclaration);
      return present(index === undefined ? "any" : { map: this.shape(index.type, scope).shape });
    }
    if (ts.isTypeReferenceNode(type)) return this.reference(type, scope);
    if (ts.isLiteralTypeNode(type)) return present("string");
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return present("string");
      case ts.SyntaxKind.NumberKeyword:
        return present("number");
      case ts.SyntaxKind.BooleanKeyword:
        return present("boolean");
      default:
        return present("any");
    }
  }

  private union(type: ts.UnionTypeNode, scope: Scope): { shape: Shape; absent: boolean } {
    const isAbsent = (node: ts.TypeNode) => node.kind === ts.SyntaxKind.UndefinedKeyword;
    const parts = type.types.filter((node) => !isAbsent(node)).map((node) => this.shape(node, scope));
    const distinct = [...new Map(parts.map(({ shape }) => [JSON.stringify(shape), shape])).values()];
    const [first = "any"] = distinct;
    const absent = type.types.some(isAbsent) || parts.some((part) => part.absent);
    return { shape: distinct.length > 1 ? { either: distinct } : first, absent };
  }

  private reference(type: ts.TypeReferenceNode, scope: Scope): { shape: Shape; absent: boolean } {
    const name = type.typeName.getText();
    const [argument] = type.typeArguments ?? [];
    if (/(^|\.)(Input|Output|Promise)$/.test(name) && argument !== undefined) {
      return this.shape(argument, scope);
    }
    if (/\.(Asset|Archive)$/.test(name)) return present("asset");
    const [root, ...rest] = name.split(".");
    if (root !== "inputs" && root !== "outputs") return present("string"); // an enumeration, ARN, Region
    // Of outputs the properties' names are enough: nobody checks what we return but our own tests.
    if (scope === "output") return present({ map: "any" });
    const qualified = rest.join(".");
    const found = this.interfaces.get(qualified);
    if (found === undefined) throw new Error(`${this.sdk} does not declare ${qualified}`);
    if (!(qualified in this.types)) {
      this.types[qualified] = {}; // types may hold themselves
      this.types[qualified] = this.interfaceShape(found, scope);
    }
    return present({ of: qualified });
  }

  private collect(statements: readonly ts.Statement[], prefix: string): void {
    for (const node of statements) {
      if (ts.isInterfaceDeclaration(node)) this.interfaces.set(`${prefix}${node.name.text}`, node);
      if (ts.isModuleDeclaration(node) && node.body !== undefined && ts.isModuleBlock(node.body)) {
        this.collect(node.body.statements, `${prefix}${node.name.text}.`);
      }
    }
  }
}

function present(shape: Shape): { shape: Shape; absent: boolean } {
  return { shape, absent: false };
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}

function nameOf(name: ts.PropertyName): string {
  return ts.isStringLiteral(name) ? name.text : name.getText();
}

function interfaceNamed(source: ts.SourceFile, name: string): ts.InterfaceDeclaration {
  const found = source.statements.filter(ts.isInterfaceDeclaration).find((node) => node.name.text === name);
  if (found === undefined) throw new Error(`no interface ${name} in ${source.fileName}`);
  return found;
}

/** The file names of the SDKs do not follow from the tokens; the JavaScript beside a declaration holds its token. */
function declarationOf(folder: string, token: string): string {
  const script = fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .find((file) => fs.readFileSync(path.join(folder, file), "utf8").includes(`__pulumiType = '${token}'`));
  if (script === undefined) throw new Error(`no file of ${folder} defines ${token}`);
  return path.join(folder, script.replace(/\.js$/, ".d.ts"));
}
