//! How far parts may be from what is typical, all at once.

/// A set of deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// What it is called.
    pub name: &'static str,
    /// Parameters of the boards.
    pub set: &'static [(&'static str, f64)],
    /// Degrees Celsius.
    pub temperature: f64,
}

/// Everything typical, at 25 °C.
pub const NOMINAL: Corner = Corner { name: "nominal", set: &[], temperature: 25.0 };

/// The coupler is at its least: least transfer ratio, a fifth less light after its life, slowest to conduct; the LED's
/// current is at its least, too, and the comparator needs the most.
pub const DIM: Corner = Corner {
    name: "dim",
    set: &[
        ("vt", 8.2),
        ("isc", 15e-6),
        ("vridd", 1.23),
        ("vclamp", 6.5),
        ("rvol", 1340.0),
        ("scale", 0.2),
        ("slow", 1.3),
        ("vrise", 2.05),
        ("vfall", 1.1),
    ],
    temperature: 0.0,
};

/// The coupler is at its most: highest transfer ratio, slowest to let go; TX leaks what it may and the bus current is
/// highest.
pub const BRIGHT: Corner = Corner {
    name: "bright",
    set: &[
        ("vt", 5.7),
        ("isc", 40e-6),
        ("vridd", 1.33),
        ("vclamp", 7.5),
        ("rvol", 400.0),
        ("itx", 10e-6),
        ("scale", 5.0),
        ("slow", 1.3),
        ("storage", 4.2),
        ("vrise", 3.35),
        ("vfall", 2.15),
    ],
    temperature: 70.0,
};

/// All of them.
pub const ALL: [Corner; 3] = [NOMINAL, DIM, BRIGHT];

/// The corner of a name.
pub fn named(name: &str) -> Option<Corner> {
    ALL.into_iter().find(|corner| corner.name == name)
}
