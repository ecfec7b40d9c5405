//! A number into a random rsyslog configuration that rsyslogd takes.

/// Writes random configurations of selectors, filters, conditions, blocks, calls and stops.
pub(super) struct Generator {
    state: u64,
    files: usize,
}

impl Generator {
    /// The generator of one sequence.
    pub(super) fn new(seed: u64) -> Generator {
        Generator { state: seed, files: 0 }
    }

    /// A number below `bound`, from a linear congruence.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % bound
    }

    fn one_of<'x>(&mut self, items: &[&'x str]) -> &'x str {
        items[self.below(items.len())]
    }

    fn selector(&mut self) -> String {
        const FACILITIES: &[&str] = &["*", "auth", "auth,authpriv", "cron", "kern", "local0", "local7", "daemon,user"];
        const PRIORITIES: &[&str] = &["*", "info", "=info", "!err", "!=info", "none", "notice", "debug", "!*", "err"];
        let parts = 1 + self.below(3);
        let parts: Vec<String> = (0..parts).map(|_| format!("{}.{}", self.one_of(FACILITIES), self.one_of(PRIORITIES))).collect();
        parts.join(self.one_of(&[";", ";", ";\\\n   "]))
    }

    fn condition(&mut self, depth: usize) -> String {
        const LEAVES: &[&str] = &[
            "$syslogfacility-text == 'auth'",
            "$syslogfacility-text == [\"auth\", \"authpriv\", \"cron\"]",
            "$syslogfacility-text != \"kern\"",
            "$syslogfacility-text startswith 'local'",
            "$syslogseverity <= 4",
            "$syslogseverity == '6'",
            "$syslogfacility >= 10",
            "$syslogseverity-text == \"info\"",
            "prifilt(\"auth,local0.info\")",
            "$programname == \"sshd\"",
            "$msg contains \"4.6\"",
            "not $syslogfacility-text == 'auth'",
            "1",
        ];
        match (depth, self.below(4)) {
            (0, _) | (_, 0) => self.one_of(LEAVES).to_owned(),
            (_, 1) => format!("not ({})", self.condition(depth - 1)),
            _ => format!("{} {} {}", self.condition(depth - 1), self.one_of(&["and", "or"]), self.condition(depth - 1)),
        }
    }

    fn action(&mut self) -> String {
        self.files += 1;
        match self.below(3) {
            0 => format!("action(type=\"omfile\" file=\"OUT/f{}\")\n", self.files),
            1 => format!("-OUT/f{}\n", self.files),
            _ => format!("OUT/f{};RSYSLOG_FileFormat\n", self.files),
        }
    }

    /// Statements; those of ruleset `number` call later ones only.
    fn block(&mut self, number: usize, depth: usize) -> String {
        (0..1 + self.below(3)).map(|_| self.statement(number, depth)).collect()
    }

    fn statement(&mut self, number: usize, depth: usize) -> String {
        let filter = match self.below(3) {
            0 => format!("\n:programname, {}isequal, \"sshd\" ", self.one_of(&["", "!"])),
            _ => format!("\n{} ", self.selector()),
        };
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 => self.action(),
            1 => format!("{filter}{}", self.action()),
            2 => format!("{filter}{}& {}", self.action(), if self.below(2) == 0 { "stop\n".to_owned() } else { self.action() }),
            3 if number < 3 => format!("{filter}call rr{}\n", number + 1),
            3 => format!("{filter}stop\n"),
            4 => format!("{filter}{{\n{}}}\n", self.block(number, depth - 1)),
            5 => format!("if {} then {{\n{}}}\n", self.condition(2), self.block(number, depth - 1)),
            _ => format!(
                "if {} then {{\n{}}} else {{\n{}}}\n",
                self.condition(2),
                self.block(number, depth - 1),
                self.block(number, depth - 1)
            ),
        }
    }

    /// One configuration with three rulesets, one of which has a queue.
    pub(super) fn configuration(&mut self) -> String {
        let mut text: String = (0..4).map(|_| self.statement(0, 2)).collect();
        for number in 1..=3 {
            let queue = if number == 2 { " queue.type=\"LinkedList\"" } else { "" };
            text.push_str(&format!("ruleset(name=\"rr{number}\"{queue}) {{\n{}}}\n", self.block(number, 2)));
        }
        text
    }
}
