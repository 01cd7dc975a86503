"""合规审计: the log of a period, for an auditor who checks it against the public tree (个人信息保护法 54)."""
