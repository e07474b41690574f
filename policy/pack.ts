import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";
import { stackFacts } from "./stack";

/** The pack, serving the engine that started this process. */
new PolicyPack("testnet", { policies: policies(stackFacts(process.env)) });
