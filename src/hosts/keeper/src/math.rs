//! `a * b / d` without losing the upper half of the product, rounded down or up.

use alloy_primitives::{U256, U512};

/// The product over the divisor, rounded down. `None` where the divisor is zero or the result does not fit.
pub(crate) fn mul_div_down(a: U256, b: U256, divisor: U256) -> Option<U256> {
    if divisor.is_zero() {
        return None;
    }
    // Two factors of 256 bits fit into 512.
    let product: U512 = a.widening_mul(b);
    narrow(product.checked_div(U512::from(divisor))?)
}

/// The product over the divisor, rounded up. `None` where the divisor is zero or the result does not fit.
pub(crate) fn mul_div_up(a: U256, b: U256, divisor: U256) -> Option<U256> {
    let down = mul_div_down(a, b, divisor)?;
    let product: U512 = a.widening_mul(b);
    let is_exact = product.checked_rem(U512::from(divisor))?.is_zero();
    if is_exact { Some(down) } else { down.checked_add(U256::ONE) }
}

fn narrow(wide: U512) -> Option<U256> {
    (wide.bit_len() <= 256).then(|| wide.wrapping_to::<U256>())
}
