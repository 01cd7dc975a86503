import { describe, expect, test } from "vitest";

import { en as contestEn } from "@/contest/words/en";
import { zh as contestZh } from "@/contest/words/zh";
import { en as deskEn } from "@/desk/words/en";
import { zh as deskZh } from "@/desk/words/zh";
import { en as industryEn } from "@/industry/words/en";
import { zh as industryZh } from "@/industry/words/zh";
import { en as kioskEn } from "@/kiosk/words/en";
import { zh as kioskZh } from "@/kiosk/words/zh";
import { en as phoneEn } from "@/phone/words/en";
import { zh as phoneZh } from "@/phone/words/zh";
import { en as sharingEn } from "@/sharing/words/en";
import { zh as sharingZh } from "@/sharing/words/zh";
import { settings } from "@/session/settings";
import { t } from "@/shared/words";
import { en as commonEn } from "@/shared/words/en";
import { zh as commonZh } from "@/shared/words/zh";

type Table = Readonly<Record<string, string>>;
const TABLES: readonly [string, Table, Table][] = [["everybody's", commonZh, commonEn], ["the desks'", deskZh, deskEn], ["the phone's rarer pages'", phoneZh, phoneEn], ["the kiosk's", kioskZh, kioskEn], ["contesting's", contestZh, contestEn], ["the keeper's", industryZh, industryEn], ["sharing's", sharingZh, sharingEn]];
const names = (text = "") => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe.each(TABLES)("%s words", (_whose, zh, en) => {
  const keys = Object.keys(zh);

  test("both tables have the same keys, none of them empty", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => !zh[key]?.trim() || !en[key]?.trim())).toEqual([]);
  });

  test("a sentence asks for the same values in both languages", () => {
    expect(keys.filter((key) => names(zh[key]).join() !== names(en[key]).join())).toEqual([]);
  });

  test("Chinese is Chinese and English is English", () => {
    expect(keys.filter((key) => !/\p{Script=Han}/u.test(zh[key] ?? ""))).toEqual([]);
    expect(keys.filter((key) => /\p{Script=Han}/u.test(en[key] ?? ""))).toEqual([]);
  });

  test("three words never stand on a screen", () => {
    expect(keys.filter((key) => /黑名单|扣分|信用不良/.test(zh[key] ?? ""))).toEqual([]);
  });

});

describe("a sentence", () => {
  test("what is filled in is not read again, and what is missing stays to be seen", () => {
    settings.language = "zh";
    expect(t("acting.for", { name: "{n}<b>" })).toBe("正在代表：{n}<b>");
    expect(t("acting.for")).toBe("正在代表：{name}");
    settings.language = "en";
    expect(t("acting.back")).toBe(commonEn["acting.back"]);
    settings.language = "zh";
  });
});
