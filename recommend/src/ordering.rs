//! Numbers in an order.

use core::cmp::Ordering;

/// The numbers below `count` in this order, of equals the lower first.
///
/// The order is called by reference, so that there is one copy of the sort in the download and not one for each order:
/// they are sorted when a model is read, and a sort weighs two kilobytes.
pub fn sorted(count: u32, order: &dyn Fn(&u32, &u32) -> Ordering) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count).collect();
    numbers.sort_by(|one, other| order(one, other));
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_stay_in_their_order() {
        assert_eq!(sorted(5, &|one, other| (other % 2).cmp(&(one % 2))), [1, 3, 0, 2, 4]);
        assert_eq!(sorted(0, &|_, _| Ordering::Equal), [0_u32; 0]);
    }
}
