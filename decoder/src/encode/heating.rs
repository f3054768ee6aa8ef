//! What a heat meter of an invented house measures, second by second.

use super::clock::Clock;
use super::household::{Counter, noise};

/// What a heat meter measures at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeatMeasurements {
    /// Now.
    pub clock: Clock,
    /// kWh.
    pub energy_kwh: u32,
    /// 0.01 m³.
    pub volume_dal: u32,
    /// W.
    pub power_w: u32,
    /// l/h.
    pub flow_l_per_h: u32,
    /// 0.01 °C.
    pub flow_temperature_c_celsius: i32,
    /// 0.01 °C.
    pub return_temperature_c_celsius: i32,
    /// Hours under voltage.
    pub on_time_h: u32,
    /// Bits of the meter's own; 0 is no alarm.
    pub alarms: u8,
    /// What the registers held at the last turn of the month.
    pub stored: StoredHeat,
}

/// Registers at the turn of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredHeat {
    /// Midnight at the beginning of the first day.
    pub date: Clock,
    /// kWh.
    pub energy_kwh: u32,
    /// 0.01 m³.
    pub volume_dal: u32,
}

/// The alarm bit that says that there is air in the flow sensor.
pub const ALARM_AIR: u8 = 0x04;

/// A house on district heating. The same start gives the same values.
#[derive(Clone, Copy, Debug)]
pub struct Heating {
    clock: Clock,
    energy: Counter<KILOWATT_HOUR_WS>,
    volume: Counter<DECALITRE_PARTS>,
    on_time: Counter<3600>,
    stored: StoredHeat,
}

/// W·s in a kWh.
const KILOWATT_HOUR_WS: u32 = 3_600_000;
/// l/h·s in 0.01 m³.
const DECALITRE_PARTS: u32 = 36_000;
/// What a litre of water gives off, in mWh a kelvin.
const WATER_MWH_PER_L_K: u32 = 1163;

const START_ENERGY_KWH: u32 = 45_678;
const START_VOLUME_DAL: u32 = 112_233;
const START_ON_TIME_H: u32 = 12_345;
/// What the month so far had used at the start.
const MONTH_SO_FAR: (u32, u32) = (321, 987);

impl Heating {
    /// The house at `clock`.
    pub fn starting(clock: Clock) -> Self {
        Self {
            clock,
            energy: Counter::new(START_ENERGY_KWH),
            volume: Counter::new(START_VOLUME_DAL),
            on_time: Counter::new(START_ON_TIME_H),
            stored: StoredHeat {
                date: month_start(clock),
                energy_kwh: START_ENERGY_KWH - MONTH_SO_FAR.0,
                volume_dal: START_VOLUME_DAL - MONTH_SO_FAR.1,
            },
        }
    }

    /// Lets time pass, second by second.
    pub fn advance(&mut self, seconds: u32) {
        for _ in 0..seconds {
            let now = Circuit::at(self.clock);
            self.energy.add(now.power_w());
            self.volume.add(now.flow_l_per_h);
            self.on_time.add(1);
            self.clock = self.clock.later(1);
            if self.clock.second_of_day() == 0 && self.clock.civil().day == 1 {
                self.stored = StoredHeat {
                    date: self.clock,
                    energy_kwh: self.energy.whole,
                    volume_dal: self.volume.whole,
                };
            }
        }
    }

    /// The time of day in the house.
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// What the meter measures now.
    pub fn measurements(&self) -> HeatMeasurements {
        let now = Circuit::at(self.clock);
        HeatMeasurements {
            clock: self.clock,
            energy_kwh: self.energy.whole,
            volume_dal: self.volume.whole,
            power_w: now.power_w(),
            flow_l_per_h: now.flow_l_per_h,
            flow_temperature_c_celsius: now.flow_temperature.cast_signed(),
            return_temperature_c_celsius: now.return_temperature.cast_signed(),
            on_time_h: self.on_time.whole,
            alarms: if now.flow_l_per_h == 0 { ALARM_AIR } else { 0 },
            stored: self.stored,
        }
    }
}

impl HeatMeasurements {
    /// Flow less return, 0.01 K.
    pub const fn difference_ck(&self) -> i32 {
        self.flow_temperature_c_celsius - self.return_temperature_c_celsius
    }
}

/// Flow and temperatures (0.01 °C) at one moment.
struct Circuit {
    flow_l_per_h: u32,
    flow_temperature: u32,
    return_temperature: u32,
}

impl Circuit {
    fn at(clock: Clock) -> Self {
        let second = clock.0;
        // Warmer at night, when it is colder outside; the valve opens and closes within a quarter of an hour.
        let night = triangle(clock.second_of_day(), 24 * 3600, 1200);
        let valve = triangle(second, 900, 260);
        // Once an hour a bubble stops the flow sensor for half a minute.
        let air = second % 3600 >= 3570;
        Self {
            flow_l_per_h: if air { 0 } else { 180 + valve + noise(second, 21, 7) },
            flow_temperature: 6700 - night + noise(second / 4, 22, 9),
            return_temperature: 3350 - valve + noise(second / 4, 23, 7),
        }
    }

    const fn power_w(&self) -> u32 {
        let difference_ck = self.flow_temperature - self.return_temperature;
        // l/h × 0.01 K × mWh/(l·K) = 0.01 mW.
        self.flow_l_per_h * (difference_ck * WATER_MWH_PER_L_K / 100) / 1000
    }
}

/// From 0 up to `height` and down again within `period`.
const fn triangle(step: u32, period: u32, height: u32) -> u32 {
    let at = step % period;
    let rise = if at < period / 2 { at } else { period - at };
    rise * height / (period / 2)
}

fn month_start(clock: Clock) -> Clock {
    let civil = clock.civil();
    Clock::new(civil.year, civil.month, 1, 0, 0, 0).unwrap_or(Clock(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_plausible() {
        let mut house = Heating::starting(Clock::new(2025, 1, 15, 0, 0, 0).unwrap());
        let mut alarms = 0;
        for _ in 0..24 * 360 {
            let now = house.measurements();
            assert!((5000..=7000).contains(&now.flow_temperature_c_celsius), "{now:?}");
            assert!((2000..=4500).contains(&now.difference_ck()), "{now:?}");
            assert!(now.power_w < 25_000, "{now:?}");
            alarms += u32::from(now.alarms == ALARM_AIR);
            house.advance(10);
        }
        let day = house.measurements().energy_kwh - START_ENERGY_KWH;
        assert!((100..400).contains(&day), "{day} kWh");
        assert_eq!(alarms, 24 * 3);
    }

    #[test]
    fn the_turn_of_the_month_is_stored() {
        let mut house = Heating::starting(Clock::new(2025, 1, 31, 23, 59, 50).unwrap());
        assert_eq!(house.measurements().stored.date, Clock::new(2025, 1, 1, 0, 0, 0).unwrap());
        house.advance(20);
        let now = house.measurements();
        assert_eq!(now.stored.date, Clock::new(2025, 2, 1, 0, 0, 0).unwrap());
        assert!(now.stored.energy_kwh >= START_ENERGY_KWH && now.stored.energy_kwh <= now.energy_kwh);
    }
}
