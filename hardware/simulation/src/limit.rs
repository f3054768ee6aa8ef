//! What is allowed, by whom, and what was found.

/// A bound on a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// What is bounded.
    pub what: &'static str,
    /// The bound, in `unit`.
    pub bound: Bound,
    /// The unit that the bound and its findings are in.
    pub unit: &'static str,
    /// Who sets the bound and where.
    pub source: Source,
}

/// Which way a limit holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// Where a figure is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A document whose row or sentence was read for this.
    Read(&'static str),
    /// A document that could not be read for this; the clause or row is named as it is known.
    Known(&'static str),
    /// A reckoning of this project, which the README explains.
    Own(&'static str),
}

/// A value against its limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The limit.
    pub limit: &'static Limit,
    /// In which case.
    pub case: String,
    /// In the limit's unit.
    pub value: f64,
}

impl Finding {
    /// How far the value is from its bound: negative beyond it.
    pub fn margin(&self) -> f64 {
        match self.limit.bound {
            Bound::AtMost(bound) => bound - self.value,
            Bound::AtLeast(bound) => self.value - bound,
        }
    }

    /// Whether the limit holds. A value that is no number does not.
    pub fn holds(&self) -> bool {
        self.margin() >= 0.0
    }
}

/// The finding with the least margin of each limit, in the order in which limits come up, and how many there were.
pub fn worst(findings: &[Finding]) -> Vec<(Finding, usize)> {
    let mut worst: Vec<(Finding, usize)> = Vec::new();
    for finding in findings {
        match worst.iter_mut().find(|(other, _)| std::ptr::eq(other.limit, finding.limit)) {
            None => worst.push((finding.clone(), 1)),
            Some((other, count)) => {
                *count += 1;
                let less = finding.margin() < other.margin() || finding.margin().is_nan();
                if less {
                    *other = finding.clone();
                }
            }
        }
    }
    worst
}

const SLAS222B_LEVELS: &str = "TI SLAS222B, figure 1";
const SCHMITT: &str = "NXP 74LVC3G17, table 11, between 4.5 and 5.5 V; U3 is its single sister";

/// At the board that is farthest from the master.
pub static MARK: Limit = Limit {
    what: "Mark at the farthest board",
    bound: Bound::AtLeast(20.8),
    unit: "V",
    source: Source::Read(SLAS222B_LEVELS),
};
/// At the master.
pub static MARK_HIGH: Limit = Limit {
    what: "Mark at the master",
    bound: Bound::AtMost(42.0),
    unit: "V",
    source: Source::Read("TI SLAS222B, recommended operating conditions"),
};
/// On a bus of the master-simulator.
pub static SPACE: Limit = Limit {
    what: "Space at the farthest board, master-simulator",
    bound: Bound::AtLeast(12.0),
    unit: "V",
    source: Source::Read("M-Bus Usergroup MBDOC48, 4.2"),
};
/// On any bus.
pub static SPACE_RECEIVED: Limit = Limit {
    what: "Space at the farthest board of a chain",
    bound: Bound::AtLeast(10.8),
    unit: "V",
    source: Source::Read("TI SLAS222B, recommended operating conditions"),
};
/// How far below mark space is.
pub static STEP: Limit = Limit {
    what: "Step from mark to space at the farthest board",
    bound: Bound::AtLeast(10.0),
    unit: "V",
    source: Source::Read(SLAS222B_LEVELS),
};
/// From 10 to 90 %.
pub static TRANSITION: Limit = Limit {
    what: "Edge at the farthest board, 10 to 90 %",
    bound: Bound::AtMost(50.0),
    unit: "% of a bit",
    source: Source::Known("EN 13757-2:2018 4.3.3, voltage slope"),
};
/// Octets that were sent and did not arrive.
pub static OCTETS: Limit = Limit {
    what: "Octets lost or wrong at D8",
    bound: Bound::AtMost(0.0),
    unit: "",
    source: Source::Own("what was sent arrives"),
};
/// How much too long or too short a bit is.
pub static DISTORTION: Limit = Limit {
    what: "Distortion of a bit at D8",
    bound: Bound::AtMost(25.0),
    unit: "% of a bit",
    source: Source::Own("what clocks and sampling leave of half a bit"),
};
/// Where the forwarder looks.
pub static DEVIATION: Limit = Limit {
    what: "Edge at D8 away from where its start bit puts it, closed loop",
    bound: Bound::AtMost(47.6),
    unit: "% of a bit",
    source: Source::Own(
        "half a bit to the sample that decides, less two ticks of 4 µs and 0.04 % that the forwarder counts short",
    ),
};
/// Where the coupler conducts.
pub static RAW_LOW: Limit = Limit {
    what: "Low level at the coupler's output",
    bound: Bound::AtMost(1.1),
    unit: "V",
    source: Source::Read(SCHMITT),
};
/// Where the coupler does not.
pub static RAW_HIGH: Limit = Limit {
    what: "High level at the coupler's output",
    bound: Bound::AtLeast(3.35),
    unit: "V",
    source: Source::Read(SCHMITT),
};
/// Light that is enough, of the least that a new coupler has.
pub static FADING: Limit = Limit {
    what: "Light with which all octets arrive, of the least that a new coupler gives",
    bound: Bound::AtMost(80.0),
    unit: "%",
    source: Source::Read("Avago AV02-4387EN: over 90 % are left after 30 years at 5 to 16 mA and 80 °C"),
};
/// While zeros are sent without a pause.
pub static STC_LOW: Limit = Limit {
    what: "STC while zeros are sent without a pause",
    bound: Bound::AtLeast(4.3),
    unit: "V",
    source: Source::Read("TI SLAS222B, V_STC, VDD off"),
};
/// What a board takes from the bus.
pub static UNIT_LOAD: Limit = Limit {
    what: "Current of one board",
    bound: Bound::AtMost(1.5),
    unit: "mA",
    source: Source::Read("TI SLAS222B, I_BUS at 30 kΩ"),
};
/// What a port gives.
pub static PORT: Limit = Limit {
    what: "Current of four boards at a port of 6 mA",
    bound: Bound::AtMost(6.0),
    unit: "mA",
    source: Source::Read("HAN-NVE, port of a Kamstrup meter"),
};
/// From power on.
pub static START_UP: Limit = Limit {
    what: "From power on to the first good octet",
    bound: Bound::AtMost(3.0),
    unit: "s",
    source: Source::Read("EN 13757-2:2018 4.2.2.11, start-up delay, as onsemi's NCN5150 data sheet cites it"),
};
/// Which way round the wires are.
pub static POLARITY: Limit = Limit {
    what: "Difference of delays with the wires reversed",
    bound: Bound::AtMost(1.0),
    unit: "% of a bit",
    source: Source::Own("either polarity is the same"),
};
/// With the bus shorted.
pub static SHORT_CURRENT: Limit = Limit {
    what: "Current into a short circuit",
    bound: Bound::AtMost(200.0),
    unit: "mA",
    source: Source::Own("the rating of the output's small transistors is 500 mA"),
};
/// With the bus shorted for long.
pub static SHORT_JUNCTION: Limit = Limit {
    what: "Junction of the output transistor with the bus shorted for good",
    bound: Bound::AtMost(150.0),
    unit: "°C",
    source: Source::Read("ST TIP31C, absolute maximum ratings"),
};
/// After a short circuit.
pub static SHORT_RECOVERY: Limit = Limit {
    what: "From the end of a short circuit to a good octet",
    bound: Bound::AtMost(3.0),
    unit: "s",
    source: Source::Known("EN 13757-2:2018 4.3.3, bus short circuit"),
};
/// At the chip.
pub static SURGE: Limit = Limit {
    what: "Between BUSL1 and BUSL2 in a surge",
    bound: Bound::AtMost(50.0),
    unit: "V",
    source: Source::Read("TI SLAS222B, absolute maximum ratings"),
};
/// After a surge.
pub static SURGE_OCTETS: Limit = Limit {
    what: "Octets lost or wrong after a surge",
    bound: Bound::AtMost(0.0),
    unit: "",
    source: Source::Own("the bus goes on"),
};
/// What a board adds to the bus.
pub static CAPACITANCE: Limit = Limit {
    what: "Capacitance of a board in space",
    bound: Bound::AtMost(0.5),
    unit: "nF",
    source: Source::Read("EN 13757-2:2018 4.2.2.10"),
};

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(source) => f.write_str(source),
            Self::Known(source) => write!(f, "{source} †"),
            Self::Own(reason) => write!(f, "this project: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(limit: &'static Limit, value: f64) -> Finding {
        Finding { limit, case: String::new(), value }
    }

    #[test]
    fn margins_point_away_from_the_bound() {
        assert!(finding(&MARK, 21.0).holds() && !finding(&MARK, 20.7).holds());
        assert!(finding(&UNIT_LOAD, 1.4).holds() && !finding(&UNIT_LOAD, 1.6).holds());
        assert!(!finding(&UNIT_LOAD, f64::NAN).holds());
    }

    #[test]
    fn the_worst_of_each_limit_stands() {
        let found = [finding(&MARK, 22.0), finding(&SPACE, 13.0), finding(&MARK, 21.0)];
        let worst = worst(&found);
        assert_eq!(worst.len(), 2);
        assert!((worst[0].0.value - 21.0).abs() < 1e-9 && worst[0].1 == 2);
    }
}
