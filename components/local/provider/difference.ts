export { areEqual, differences, isWithin, topLevel } from "../../../plugin/difference";
